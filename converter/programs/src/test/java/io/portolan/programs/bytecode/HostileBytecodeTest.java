package io.portolan.programs.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portolan.programs.Refusals;
import io.portolan.programs.bytecode.BytecodeWriter.Region;
import io.portolan.programs.stablehlo.Elements;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytecode that claims what it does not hold. */
class HostileBytecodeTest {
    private static final int[] NONE = {};
    private static final long MANY = 1L << 60;

    private record Attack(String name, String words, Function<BytecodeWriter, byte[]> file) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Attack> attacks() {
        return Stream.of(
                new Attack("newer format", "format 7 is not supported", writer -> prefix(7)),
                new Attack("huge format", "format 18446744073709551615", writer -> prefix(-1)),
                new Attack("unknown section", "section 9 is unknown", writer -> prefix(6, 9, 1)),
                new Attack(
                        "section too long", "bytes of a section, expected at most", writer -> prefix(6, 1, 0xFE, 0xFF)),
                new Attack("no sections", "section 0 is missing", writer -> prefix(6)),
                new Attack(
                        "unknown operation",
                        "'vhlo.solve_everything_v1' of 'StableHLO_v9.0.0' is unknown",
                        writer -> body(writer, List.of(writer.op("vhlo.solve_everything_v1", Map.of(), NONE, NONE)))),
                new Attack(
                        "unknown revision",
                        "'vhlo.add_v7' of 'StableHLO_v9.0.0' is unknown",
                        writer -> body(writer, List.of(writer.op("vhlo.add_v7", Map.of(), NONE, NONE)))),
                new Attack(
                        "not a portable artifact",
                        "func.func is not of a portable artifact",
                        writer -> writer.module(writer.op("func.func", Map.of(), NONE, NONE))),
                new Attack(
                        "attribute of itself",
                        "refers to itself",
                        writer -> constant(writer, number -> writer.vhlo(1, 1, number))),
                new Attack("types of each other", "refers to itself", HostileBytecodeTest::cyclicTypes),
                new Attack(
                        "deep attributes",
                        "nest deeper than 512",
                        writer -> constant(writer, number -> {
                            IntStream.range(1, 2000).forEach(i -> writer.vhlo(1, 1, number + i));
                            writer.vhlo(1, 0);
                        })),
                new Attack(
                        "attributes that double",
                        "has more than 1048576 parts",
                        writer -> constant(writer, number -> {
                            IntStream.range(1, 60).forEach(i -> writer.vhlo(1, 2, number + i, number + i));
                            writer.vhlo(1, 0);
                        })),
                new Attack("deep regions", "regions nest deeper than 512", writer -> {
                    Region inner = new Region(0, List.of(), List.of());
                    for (int i = 0; i < 600; i++) {
                        inner = new Region(
                                0, List.of(), List.of(writer.op("mhlo.fusion", Map.of(), NONE, NONE, inner)));
                    }
                    return writer.program(inner);
                }),
                new Attack(
                        "more values than bytes",
                        "values, more than the rest of the file can define",
                        writer -> writer.program(new Region(1 << 30, List.of(), List.of()))),
                new Attack(
                        "fewer values than declared",
                        "fewer values than it declares",
                        writer -> body(writer, 3, List.of(writer.op("vhlo.return_v1", Map.of(), NONE, NONE)))),
                new Attack("more values than declared", "more values than it declares", writer -> {
                    int type = writer.tensorType(writer.plainType(4));
                    return body(
                            writer, 0, List.of(writer.op("vhlo.create_token_v1", Map.of(), new int[] {type}, NONE)));
                }),
                new Attack("use before definition", "value 0 is used before it is defined", writer -> {
                    int type = writer.tensorType(writer.plainType(4));
                    return body(
                            writer, 1, List.of(writer.op("vhlo.abs_v1", Map.of(), new int[] {type}, new int[] {0})));
                }),
                new Attack(
                        "unknown value",
                        "refers to value 5, expected less than 0",
                        writer -> body(writer, List.of(writer.op("vhlo.return_v1", Map.of(), NONE, new int[] {5})))),
                new Attack("no return", "does not end with a return", writer -> body(writer, List.of())),
                new Attack(
                        "operations after the return",
                        "an operation follows the end of its block",
                        writer -> body(
                                writer,
                                List.of(
                                        writer.op("vhlo.return_v1", Map.of(), NONE, NONE),
                                        writer.op("vhlo.return_v1", Map.of(), NONE, NONE)))),
                new Attack(
                        "an operation in place of a function",
                        "'vhlo.add_v1' is not where a program can have it",
                        writer -> writer.module(writer.op("vhlo.add_v1", Map.of(), NONE, NONE))),
                new Attack(
                        "too few elements",
                        "tensor<3xf32> has 3 elements of 4 bytes, got 8 bytes",
                        writer -> constant(
                                writer,
                                number -> writer.tensor(writer.tensorType(writer.plainType(4), 3), new byte[8]))),
                new Attack(
                        "more elements than numbers",
                        "more elements than 63 bits count",
                        writer -> constant(
                                writer,
                                number -> writer.tensor(
                                        writer.tensorType(writer.plainType(4), MANY, MANY), new byte[4]))),
                new Attack(
                        "a negative size",
                        "a tensor has a size of -5",
                        writer -> constant(
                                writer,
                                number -> writer.tensor(writer.tensorType(writer.plainType(4), -5), new byte[4]))),
                new Attack(
                        "a constant of unknown size",
                        "a constant has a static type, not tensor<?xf32>",
                        writer -> constant(
                                writer,
                                number -> writer.tensor(
                                        writer.tensorType(writer.plainType(4), Long.MIN_VALUE), new byte[4]))),
                new Attack(
                        "many axes",
                        "a tensor has 4000 axes",
                        writer -> constant(
                                writer,
                                number -> writer.tensor(
                                        writer.tensorType(writer.plainType(4), new long[4000]), new byte[4]))),
                new Attack(
                        "a boolean of 7",
                        "stored as 7, expected 0 or 1",
                        writer -> constant(
                                writer,
                                number -> writer.tensor(writer.tensorType(writer.plainType(0), 2), new byte[] {7, 0}))),
                new Attack(
                        "a tensor of tensors",
                        "the type of elements is that of a value",
                        writer -> constant(
                                writer,
                                number -> writer.tensor(
                                        writer.tensorType(writer.tensorType(writer.plainType(4)), 2),
                                        new byte[] {7, 0}))),
                new Attack(
                        "quantized numbers",
                        "the type of elements is a quantized type",
                        writer -> constant(
                                writer,
                                number -> writer.tensor(writer.tensorType(writer.plainType(24), 2), new byte[2]))),
                new Attack(
                        "unknown attribute",
                        "attribute code 99 of VHLO is unknown",
                        writer -> constant(writer, number -> writer.vhlo(99))),
                new Attack(
                        "a foreign constant",
                        "attribute value is of kind Opaque, expected Tensor",
                        writer -> constant(writer, number -> writer.textAttribute("sdy", "#sdy.sharding<@mesh>"))),
                new Attack(
                        "too many bytes in an attribute",
                        "an attribute or type has 1 bytes too many",
                        writer -> constant(writer, number -> writer.vhlo(2, 1, 1))),
                new Attack(
                        "a list of 2^60 dimensions",
                        "has 1152921504606846976 numbers, expected at most 256",
                        writer -> {
                            int int64 = writer.plainType(14);
                            int type = writer.tensorType(int64);
                            int numbers = writer.tensor(writer.tensorType(int64, MANY), new byte[8]);
                            return body(
                                    writer,
                                    1,
                                    List.of(writer.op(
                                            "vhlo.iota_v1", Map.of("iota_dimension", numbers), new int[] {type}, NONE)),
                                    "vhlo.broadcast_v1",
                                    Map.of("broadcast_sizes", numbers));
                        }),
                new Attack(
                        "a call of itself",
                        "function 'main' calls itself",
                        writer -> body(writer, calls(writer, "main", 1))),
                new Attack(
                        "a call of nothing",
                        "no function 'other' to call",
                        writer -> body(writer, calls(writer, "other", 1))),
                new Attack("calls that double", "more than 10000000 operations", writer -> {
                    List<ByteSink> functions = new ArrayList<>();
                    for (int i = 0; i < 64; i++) {
                        List<ByteSink> calls = calls(writer, "f" + (i - 1), i == 0 ? 0 : 2);
                        functions.add(writer.function("f" + i, new Region(0, List.of(), calls)));
                    }
                    return writer.module(functions.toArray(ByteSink[]::new));
                }),
                new Attack("two functions of one name", "function 'f' is there twice", writer -> {
                    Region empty = new Region(0, List.of(), List.of(writer.op("vhlo.return_v1", Map.of(), NONE, NONE)));
                    return writer.module(writer.function("f", empty), writer.function("f", empty));
                }));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void everyAttackIsRefusedInOneLineWithinASecond(Attack attack) {
        byte[] file = attack.file().apply(new BytecodeWriter(6, "StableHLO_v9.0.0"));
        Refusals.expect(attack.words(), () -> MlirBytecode.read(ByteBuffer.wrap(file), 0));
    }

    @Test
    void aSplatOfManyElementsTakesNoMemory() throws Exception {
        BytecodeWriter writer = new BytecodeWriter(6, "StableHLO_v1.15.0");
        int type = writer.tensorType(writer.plainType(4), MANY);
        ByteSink constant = writer.op(
                "vhlo.constant_v1", Map.of("value", writer.tensor(type, new byte[4])), new int[] {type}, NONE);
        ByteSink end = writer.op("vhlo.return_v1", Map.of(), NONE, new int[] {0});
        byte[] file = writer.program(new Region(1, List.of(), List.of(constant, end)));
        Elements elements = MlirBytecode.read(ByteBuffer.wrap(file), 0)
                .module()
                .main()
                .body()
                .operations()
                .get(0)
                .elements("value");
        assertEquals(MANY, elements.type().count());
        assertEquals(1, elements.held());
    }

    @Test
    void everyChangedByteIsReadOrRefused() {
        for (int at = 0; at < GoldenVectorTest.FILE.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = GoldenVectorTest.FILE.clone();
                changed[at] ^= (byte) (1 << bit);
                Refusals.only(() -> MlirBytecode.read(ByteBuffer.wrap(changed), 0));
            }
        }
    }

    @Test
    void everyShortenedFileIsRefused() {
        for (int length = 0; length < GoldenVectorTest.FILE.length; length++) {
            byte[] cut = Arrays.copyOf(GoldenVectorTest.FILE, length);
            Refusals.expect("offset", () -> MlirBytecode.read(ByteBuffer.wrap(cut), 0));
        }
    }

    private static byte[] prefix(long format, int... more) {
        return new ByteSink()
                .raw(0x4D, 0x4C, 0xEF, 0x52)
                .varint(format)
                .raw('p', 0)
                .raw(more)
                .toBytes();
    }

    private static byte[] body(BytecodeWriter writer, List<ByteSink> operations) {
        return body(writer, 0, operations);
    }

    private static byte[] body(BytecodeWriter writer, int values, List<ByteSink> operations) {
        return writer.program(new Region(values, List.of(), operations));
    }

    private static byte[] body(
            BytecodeWriter writer,
            int values,
            List<ByteSink> operations,
            String last,
            Map<String, Integer> attributes) {
        List<ByteSink> all = new ArrayList<>(List.of(writer.op(last, attributes, NONE, NONE)));
        all.addAll(operations);
        return body(writer, values, all);
    }

    /** A program with a constant, whose attribute is made when it knows its own number. */
    private static byte[] constant(BytecodeWriter writer, IntConsumer attribute) {
        int number = writer.vhlo(1, 0) + 1;
        attribute.accept(number);
        int type = writer.tensorType(writer.plainType(4));
        return body(writer, 1, List.of(writer.op("vhlo.constant_v1", Map.of("value", number), new int[] {type}, NONE)));
    }

    private static byte[] cyclicTypes(BytecodeWriter writer) {
        int tuple = writer.type("vhlo", new ByteSink().varint(23, 1, 1));
        writer.type("vhlo", new ByteSink().varint(23, 1, tuple));
        return writer.program(new Region(1, List.of(tuple), List.of()));
    }

    /** A number of calls and a return. */
    private static List<ByteSink> calls(BytecodeWriter writer, String callee, int count) {
        ByteSink call = writer.op("vhlo.call_v1", Map.of("callee", writer.text(callee)), NONE, NONE);
        List<ByteSink> calls = new ArrayList<>(Collections.nCopies(count, call));
        calls.add(writer.op("vhlo.return_v1", Map.of(), NONE, NONE));
        return calls;
    }
}
