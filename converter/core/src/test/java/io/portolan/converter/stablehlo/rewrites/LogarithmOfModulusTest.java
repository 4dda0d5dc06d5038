package io.portolan.converter.stablehlo.rewrites;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.Block;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The accuracy of what is written instead is that of the golden programs with complex logarithms. */
class LogarithmOfModulusTest {
    /** log|z| where |z| is not near 1, and log1p(x² + y² - 1) / 2 near it, without the terms that keep the rounding errors. */
    private static final String BODY = """
            %ax = stablehlo.abs %arg0 : tensor<4xf32>
            %ay = stablehlo.abs %arg1 : tensor<4xf32>
            %big = stablehlo.maximum %ax, %ay : tensor<4xf32>
            %small = stablehlo.minimum %ax, %ay : tensor<4xf32>
            %one = stablehlo.constant dense<1.0> : tensor<4xf32>
            %half = stablehlo.constant dense<0.5> : tensor<4xf32>
            %minus = stablehlo.constant dense<-1.0> : tensor<4xf32>
            %b2 = stablehlo.multiply %big, %big : tensor<4xf32>
            %s2 = stablehlo.multiply %small, %small : tensor<4xf32>
            %b3 = stablehlo.add %b2, %minus : tensor<4xf32>
            %t = stablehlo.add %b3, %s2 : tensor<4xf32>
            %at = stablehlo.abs %t : tensor<4xf32>
            %near = stablehlo.compare LT, %at, %half : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
            %l = stablehlo.log_plus_one %t : tensor<4xf32>
            %hl = stablehlo.multiply %half, %l : tensor<4xf32>
            %eq = stablehlo.compare EQ, %small, %big : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xi1>
            %q = stablehlo.divide %small, %big : tensor<4xf32>
            %ratio = stablehlo.select %eq, %one, %q : tensor<4xi1>, tensor<4xf32>
            %r2 = stablehlo.multiply %ratio, %ratio : tensor<4xf32>
            %l2 = stablehlo.log_plus_one %r2 : tensor<4xf32>
            %hl2 = stablehlo.multiply %half, %l2 : tensor<4xf32>
            %lb = stablehlo.log %big : tensor<4xf32>
            %far = stablehlo.add %lb, %hl2 : tensor<4xf32>
            %r = stablehlo.select %near, %hl, %far : tensor<4xi1>, tensor<4xf32>
            """;

    @Test
    void isRecognisedByWhatItComputes() throws IOException {
        assertThat(names(BODY))
                .containsExactly(
                        "stablehlo.convert",
                        "stablehlo.convert",
                        "stablehlo.multiply",
                        "stablehlo.multiply",
                        "stablehlo.add",
                        "stablehlo.sqrt",
                        "stablehlo.log",
                        "stablehlo.convert");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%half = stablehlo.constant dense<0.25>",
                "%t = stablehlo.subtract %b3, %s2",
                "%ratio = stablehlo.select %eq, %half, %q",
                "%big = stablehlo.maximum %ax, %ax"
            })
    void somethingSimilarIsNot(String line) throws IOException {
        String name = line.substring(0, line.indexOf('='));
        String body = BODY.replaceFirst("(?m)^" + name + "=.*(?= :)", line.replace("$", "\\$"));

        assertThat(body).isNotEqualTo(BODY);
        assertThat(names(body)).contains("stablehlo.log_plus_one");
    }

    private static List<String> names(String body) throws IOException {
        String text = """
                module @logarithm {
                  func.func public @main(%%arg0: tensor<4xf32>, %%arg1: tensor<4xf32>) -> tensor<4xf32> {
                    %s
                    return %%r : tensor<4xf32>
                  }
                }
                """.formatted(body);
        Block block = ProgramFiles.read(text.getBytes(StandardCharsets.UTF_8), "logarithm.mlir")
                .module()
                .main()
                .body();
        return Rewrites.apply(block).operations().stream()
                .map(operation -> operation.name())
                .toList();
    }
}
