package io.portolan.converter.stablehlo;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.stablehlo.ops.StandardLowerings;
import io.portolan.converter.verify.TensorRuns;
import io.portolan.programs.files.ProgramFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XLA's maximum of numbers of which one is NaN is NaN; ONNX Runtime's ReduceMax alone would ignore it. */
class MaximumOfNanTest {
    private static final float INFINITE = Float.POSITIVE_INFINITY;

    @ParameterizedTest
    @CsvSource({"maximum, 0xFF800000, 3, Infinity", "minimum, 0x7F800000, 1, -Infinity"})
    void nanIsNotLost(String function, String initial, double ofNumbers, double ofInfinities) throws IOException {
        String text = """
                module @reduction {
                  func.func public @main(%%arg0: tensor<3x3xf32>) -> tensor<3xf32> {
                    %%cst = stablehlo.constant dense<%s> : tensor<f32>
                    %%0 = stablehlo.reduce(%%arg0 init: %%cst) applies stablehlo.%s across dimensions = [1] : (tensor<3x3xf32>, tensor<f32>) -> tensor<3xf32>
                    return %%0 : tensor<3xf32>
                  }
                }
                """.formatted(initial, function);
        OnnxGraph graph = new ProgramImporter(StandardLowerings.registry())
                .importProgram(ProgramFiles.read(text.getBytes(StandardCharsets.UTF_8), "reduction.mlir"), Map.of());
        PassPipeline.standard().run(graph);

        TensorData result = TensorRuns.onnx(
                        OnnxWriter.write(graph, Map.of()).toByteArray(),
                        Map.of(
                                graph.inputs().get(0).name(),
                                TensorData.of(new float[] {1, Float.NaN, 2, 3, 1, 2, INFINITE, -INFINITE, 0}, 3, 3)))
                .get(0);

        assertThat(result.doubles()).containsExactly(Double.NaN, ofNumbers, ofInfinities);
    }
}
