package io.portolan.converter.stablehlo;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.stablehlo.ops.StandardLowerings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whether the table of operations in {@code docs/jax2onnx.md} is up to date. With {@code -Dportolan.write-docs=true} it is written instead. */
class SupportedOperationsPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "jax2onnx.md");
    private static final String BEGIN = "| operation | ONNX | not supported |\n|---|---|---|\n";
    private static final String HOW = "docs/jax2onnx.md is out of date; write its table anew with\n"
            + "  mvn -pl :portolan-converter -am verify -Dtest=SupportedOperationsPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dportolan.write-docs=true";

    private static String table() {
        StringBuilder rows = new StringBuilder(BEGIN);
        for (OpLowering lowering : StandardLowerings.registry().all()) {
            rows.append("| `%s` | %s | %s |\n".formatted(lowering.name(), lowering.onnx(), lowering.limits()));
        }
        return rows.toString();
    }

    @BeforeAll
    static void writeIfAsked() throws IOException {
        if (Boolean.getBoolean("portolan.write-docs")) {
            String page = Files.readString(PAGE);
            int begin = page.indexOf(BEGIN);
            int end = page.indexOf("\n\n", begin);
            String rest = end < 0 ? "" : page.substring(end + 1);
            Files.writeString(PAGE, page.substring(0, begin) + table() + rest);
        }
    }

    @Test
    void theTableIsWhatTheLoweringsSay() throws IOException {
        assertThat(Files.readString(PAGE)).as(HOW).contains(table());
    }
}
