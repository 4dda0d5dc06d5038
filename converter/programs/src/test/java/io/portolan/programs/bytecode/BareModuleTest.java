package io.portolan.programs.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.bytecode.BytecodeWriter.Region;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.ElementType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bytecode without a file of {@code jax.export} around it. */
class BareModuleTest {
    private static final int[] NONE = {};

    @Test
    void argumentsHaveTheirNamesInTheSource() throws Exception {
        Program program = ProgramFiles.read(BytecodeFuzzTest.code(new GoldenProgram("trees").exported()), "trees");
        assertEquals("_lambda", program.name());
        assertEquals("MLIR bytecode, VHLO 1.15.0", program.form());
        assertEquals(
                List.of(
                        new Program.Argument("p['a']", ElementType.F32, List.of("3"), true),
                        new Program.Argument("p['b']['w']", ElementType.F32, List.of("5", "3"), true),
                        new Program.Argument("x", ElementType.F32, List.of("2", "5"), true)),
                program.arguments());
        assertEquals(
                List.of(
                        new Program.Argument("['n'][0]", ElementType.F32, List.of(), true),
                        new Program.Argument("['out'][0]", ElementType.F32, List.of("2", "3"), true)),
                program.results());
    }

    @Test
    void sizesAreNoArgumentsAndNamelessOnesAreCounted() throws Exception {
        BytecodeWriter writer = new BytecodeWriter(6, "StableHLO_v1.15.0");
        int size = writer.tensorType(writer.plainType(13));
        int vector = writer.tensorType(writer.plainType(4), Long.MIN_VALUE, 3);
        int nothing = writer.vhlo(6, 0);
        int constant = writer.vhlo(6, 1, writer.text("jax.global_constant"), writer.text("n"));
        Region body = new Region(
                2, List.of(size, vector), List.of(writer.op("vhlo.return_v1", Map.of(), NONE, new int[] {1, 1})));
        byte[] file =
                writer.module(writer.function("main", writer.vhlo(1, 2, constant, nothing), writer.vhlo(1, 0), body));
        Program program = ProgramFiles.read(file, "f");
        assertEquals(
                List.of(new Program.Argument("arg1", ElementType.F32, List.of("?", "3"), true)), program.arguments());
        assertEquals(
                List.of("[0]", "[1]"),
                program.results().stream().map(Program.Argument::path).toList());
    }

    /** Shardy's operations are read; those that only place data are left out. */
    @Test
    void placementIsLeftOutAndOtherDialectsAreKept() throws Exception {
        BytecodeWriter writer = new BytecodeWriter(6, "StableHLO_v1.15.0");
        int vector = writer.tensorType(writer.plainType(4), 3);
        int builtin = writer.type(
                "builtin",
                new ByteSink().varint(13, 1).signed(3).varint(writer.type("builtin", new ByteSink().varint(5))));
        int[] before = {vector};
        int[] between = {builtin};
        Region inner = new Region(1, List.of(builtin), List.of(writer.op("sdy.return", Map.of(), NONE, new int[] {4})));
        Region body = new Region(
                4,
                List.of(vector),
                List.of(
                        writer.op("builtin.unrealized_conversion_cast", Map.of(), between, new int[] {0}),
                        writer.op("sdy.sharding_constraint", Map.of(), between, new int[] {1}),
                        writer.op("sdy.manual_computation", Map.of(), before, new int[] {2}, inner),
                        writer.op("vhlo.return_v1", Map.of(), NONE, new int[] {3})));
        byte[] file = writer.module(writer.op("sdy.mesh", Map.of(), NONE, NONE), writer.function("main", body));
        assertEquals(
                List.of(
                        "public main [][{}][{}]",
                        "  (%0 tensor<3xf32>)",
                        "  %1 tensor<3xf32> = sdy.manual_computation %0",
                        "    (%2 tensor<3xf32>)",
                        "    return %2",
                        "  return %1"),
                io.portolan.programs.Listing.of(ProgramFiles.read(file, "f").module()));
    }

    /** Booleans in every way that MLIR stores them. */
    @Test
    void booleansAreBitsOrBytes() throws Exception {
        assertEquals("[1, 1, 1]", booleans(3, 0xFF));
        assertEquals("[0, 0, 0]", booleans(3, 0));
        assertEquals("[1, 0, 1]", booleans(3, 0b101));
        assertEquals("[1, 0, 1]", booleans(3, 1, 0, 1));
        assertEquals("[1]", booleans(1, 1));
        assertEquals("[0]", booleans(1, 0));
        assertEquals("[1, 1, 1, 1, 1, 1, 1, 0, 1]", booleans(9, 0x7F, 1));
        assertEquals("[1, 1, 1, 1, 1, 1, 1, 1, 1]", booleans(9, 0xFF));
        assertEquals("[]", booleans(0));
        assertEquals("[]", booleans(0, 0));
    }

    private static String booleans(int count, int... blob) throws Exception {
        BytecodeWriter writer = new BytecodeWriter(6, "StableHLO_v1.15.0");
        int type = writer.tensorType(writer.plainType(0), count);
        int value = writer.tensor(type, new ByteSink().raw(blob).toBytes());
        Region body = new Region(
                1,
                List.of(),
                List.of(
                        writer.op("vhlo.constant_v1", Map.of("value", value), new int[] {type}, NONE),
                        writer.op("vhlo.return_v1", Map.of(), NONE, new int[] {0})));
        var elements = ProgramFiles.read(writer.program(body), "f")
                .module()
                .main()
                .body()
                .operations()
                .get(0)
                .elements("value");
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(elements::longAt)
                .toList()
                .toString();
    }
}
