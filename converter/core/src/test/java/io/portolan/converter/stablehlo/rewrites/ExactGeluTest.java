package io.portolan.converter.stablehlo.rewrites;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.stablehlo.ProgramImporter;
import io.portolan.converter.stablehlo.ops.StandardLowerings;
import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.files.ProgramFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That the rewritten program computes what JAX did is tested with the other golden programs. */
class ExactGeluTest {
    @Test
    void theExpansionOfJaxIsRecognised() throws IOException {
        GoldenProgram golden = new GoldenProgram("activations");

        assertThat(errorFunctions(ProgramFiles.read(golden.exported(), golden.name())))
                .isEqualTo(1);
    }

    @Test
    void anotherProductWithAChoiceIsNot() throws IOException {
        String text = """
                module @swish {
                  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {
                    %half = stablehlo.constant dense<0.5> : tensor<4xf32>
                    %one = stablehlo.constant dense<1.0> : tensor<4xf32>
                    %0 = stablehlo.multiply %half, %arg0 : tensor<4xf32>
                    %1 = stablehlo.negate %arg0 : tensor<4xf32>
                    %2 = stablehlo.exponential %1 : tensor<4xf32>
                    %3 = stablehlo.add %one, %2 : tensor<4xf32>
                    %4 = stablehlo.divide %one, %3 : tensor<4xf32>
                    %5 = stablehlo.compare LT, %arg0, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
                    %6 = stablehlo.select %5, %4, %4 : tensor<4xi1>, tensor<4xf32>
                    %7 = stablehlo.multiply %0, %6 : tensor<4xf32>
                    return %7 : tensor<4xf32>
                  }
                }
                """;

        assertThat(errorFunctions(ProgramFiles.read(text.getBytes(StandardCharsets.UTF_8), "swish.mlir")))
                .isZero();
    }

    private static long errorFunctions(Program program) {
        OnnxGraph graph = new ProgramImporter(StandardLowerings.registry()).importProgram(program, Map.of());
        return graph.allNodes().filter(node -> node.op() == StandardOp.ERF).count();
    }
}
