package io.portolan.programs.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portolan.programs.Listing;
import io.portolan.programs.bytecode.BytecodeWriter.Region;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format of the bytecode, and old revisions of operations. */
class FormatTest {
    private static final int[] NONE = {};

    /** The formats with the producers that wrote them; 5 has been withdrawn, but files of it exist. */
    @ParameterizedTest
    @CsvSource({
        "0, MLIR17.0.0-trunk, 0.9.0",
        "1, StableHLO_v0.11.0, 0.11.0",
        "2, StableHLO_v0.12.0, 0.12.0",
        "3, StableHLO_v0.13.0, 0.13.0",
        "4, StableHLO_v0.14.0, 0.14.0",
        "5, StableHLO_v0.15.0, 0.15.0",
        "6, StableHLO_v1.15.0, 1.15.0"
    })
    void everyFormatHoldsTheSameProgram(int format, String producer, String version) throws Exception {
        BytecodeWriter writer = new BytecodeWriter(format, producer);
        int f32 = writer.plainType(4);
        int i64 = writer.plainType(14);
        int vector = writer.tensorType(f32, 2);
        int scalar = writer.tensorType(f32);
        ByteSink zero = writer.op(
                "vhlo.constant_v1", Map.of("value", writer.tensor(scalar, new byte[4])), new int[] {scalar}, NONE);
        ByteSink sine = writer.op("vhlo.sine_v1", Map.of(), new int[] {vector}, new int[] {0});
        Region body = new Region(
                3,
                List.of(scalar, scalar),
                List.of(
                        writer.op("vhlo.add_v1", Map.of(), new int[] {scalar}, new int[] {4, 5}),
                        writer.op("vhlo.return_v1", Map.of(), NONE, new int[] {6})));
        ByteSink reduce = writer.op(
                "vhlo.reduce_v1",
                Map.of("dimensions", writer.numbers(i64, 0)),
                new int[] {scalar},
                new int[] {2, 1},
                body);
        ByteSink end = writer.op("vhlo.return_v1", Map.of(), NONE, new int[] {3});
        byte[] file = writer.program(new Region(4, List.of(vector), List.of(zero, sine, reduce, end)));

        MlirBytecode read = MlirBytecode.read(ByteBuffer.wrap(file), 0);
        assertEquals(version, read.version());
        assertEquals(format, read.format());
        assertEquals("jit_f", read.module().name());
        assertEquals(
                List.of(
                        "public main [][{}][{}]",
                        "  (%0 tensor<2xf32>)",
                        "  %1 tensor<f32> = stablehlo.constant  {value=Tensor[elements=tensor<f32>]}",
                        "  %2 tensor<2xf32> = stablehlo.sine %0",
                        "  %3 tensor<f32> = stablehlo.reduce %2, %1 {dimensions=Ints[values=[0]]}",
                        "    (%4 tensor<f32>, %5 tensor<f32>)",
                        "    %6 tensor<f32> = stablehlo.add %4, %5",
                        "    return %6",
                        "  return %3"),
                Listing.of(read.module()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6})
    void oldRevisionsAreBroughtToTheNewest(int format) throws Exception {
        BytecodeWriter writer = new BytecodeWriter(format, "StableHLO_v0.9.0");
        int f32 = writer.plainType(4);
        int i64 = writer.plainType(14);
        int matrix = writer.tensorType(f32, 3, 3);
        int indices = writer.tensorType(i64, 2, 1);
        int rows = writer.tensorType(f32, 2, 3);
        int empty = writer.numbers(i64);
        int first = writer.numbers(i64, 0);
        int second = writer.numbers(i64, 1);
        int no = writer.vhlo(2, 0);
        ByteSink dot = writer.op(
                "vhlo.dot_general_v1",
                Map.of(
                        "lhs_batching_dimensions", empty,
                        "lhs_contracting_dimensions", second,
                        "precision_config", writer.vhlo(1, 2, writer.vhlo(11, 2), writer.vhlo(11, 0)),
                        "rhs_batching_dimensions", empty,
                        "rhs_contracting_dimensions", first),
                new int[] {matrix},
                new int[] {0, 0});
        ByteSink gather = writer.op(
                "vhlo.gather_v1",
                Map.of(
                        "collapsed_slice_dims", first,
                        "index_vector_dim", writer.integer(i64, 1),
                        "indices_are_sorted", no,
                        "offset_dims", second,
                        "slice_sizes", writer.numbers(i64, 1, 3),
                        "start_index_map", first),
                new int[] {rows},
                new int[] {2, 1});
        ByteSink call = writer.op(
                "vhlo.custom_call_v1",
                new TreeMap<>(Map.of(
                        "api_version", writer.vhlo(5, 4),
                        "backend_config", writer.text(""),
                        "call_target_name", writer.text("f"),
                        "called_computations", writer.vhlo(1, 1, writer.text("g")),
                        "has_side_effect", writer.vhlo(2, 1),
                        "operand_layouts", writer.vhlo(1, 0),
                        "output_operand_aliases", writer.vhlo(1, 0),
                        "result_layouts", writer.vhlo(1, 0))),
                new int[] {rows},
                new int[] {3});
        ByteSink end = writer.op("vhlo.return_v1", Map.of(), NONE, new int[] {4});
        byte[] file = writer.program(new Region(5, List.of(matrix, indices), List.of(dot, gather, call, end)));

        assertEquals(
                List.of(
                        "public main [, ][{}, {}][{}]",
                        "  (%0 tensor<3x3xf32>, %1 tensor<2x1xi64>)",
                        "  %2 tensor<3x3xf32> = stablehlo.dot_general %0, %0 {lhs_contracting_dimensions=Ints[values=[1]],"
                                + " precision_config=Items[items=[Keyword[word=HIGHEST], Keyword[word=DEFAULT]]],"
                                + " rhs_contracting_dimensions=Ints[values=[0]]}",
                        "  %3 tensor<2x3xf32> = stablehlo.gather %2, %1 {collapsed_slice_dims=Ints[values=[0]],"
                                + " index_vector_dim=Int[value=1, type=i64], offset_dims=Ints[values=[1]],"
                                + " slice_sizes=Ints[values=[1, 3]], start_index_map=Ints[values=[0]]}",
                        "  %4 tensor<2x3xf32> = stablehlo.custom_call %3 {api_version=Keyword[word=TYPED_FFI],"
                                + " call_target_name=Text[value=f], called_computations=Items[items=[Symbol[name=g]]],"
                                + " has_side_effect=Bool[value=true]}",
                        "  return %4"),
                Listing.of(MlirBytecode.read(ByteBuffer.wrap(file), 0).module()));
    }
}
