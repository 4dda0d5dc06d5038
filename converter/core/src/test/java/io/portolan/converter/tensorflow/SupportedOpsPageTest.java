package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whether {@code docs/supported-ops.md} is up to date. With {@code -Dportolan.write-docs=true} it is written instead. */
class SupportedOpsPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "supported-ops.md");
    private static final String HOW = "docs/supported-ops.md is out of date; write it anew with\n"
            + "  mvn -pl :portolan-converter -am verify -Dtest=SupportedOpsPageTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dportolan.write-docs=true";

    @BeforeAll
    static void writeIfAsked() throws IOException {
        if (Boolean.getBoolean("portolan.write-docs")) {
            Files.writeString(PAGE, SupportedOpsPage.text() + SupportedOpsPage.accuracy());
        }
    }

    @Test
    void thePageIsWhatTheDefinitionsSay() throws IOException {
        assertThat(Files.readString(PAGE)).as(HOW).startsWith(SupportedOpsPage.text());
    }

    @Test
    void theReadmeCountsTheOpsRight() throws IOException {
        String row = "| TensorFlow ops | "
                + StandardHandlers.registry().definitions().size() + ",";
        assertThat(Files.readString(Path.of("..", "..", "README.md"))).contains(row);
    }

    @Test
    void theBoundsOfTheAccuracyHold() throws IOException {
        String[] rows = Files.readString(PAGE)
                .substring(SupportedOpsPage.text().length())
                .split("\n");
        assertThat(rows).as(HOW).hasSameSizeAs(FourierOp.values());
        for (FourierOp op : FourierOp.values()) {
            String[] cells = rows[op.ordinal()].split("\\s*\\|\\s*");
            assertThat(cells[1]).as(HOW).isEqualTo("`" + op.opName() + "`");
            for (int i = 0; i < FourierAccuracyTest.LENGTHS.length; i++) {
                String[] bounds = cells[i + 2].split(", ");
                int length = FourierAccuracyTest.LENGTHS[i];
                assertThat(FourierAccuracyTest.relativeError(op, length, OnnxType.FLOAT))
                        .as("%s of %d floats; %s", op, length, HOW)
                        .isLessThanOrEqualTo(Double.parseDouble(bounds[0]));
                assertThat(FourierAccuracyTest.relativeError(op, length, OnnxType.DOUBLE))
                        .as("%s of %d doubles; %s", op, length, HOW)
                        .isLessThanOrEqualTo(Double.parseDouble(bounds[1]));
            }
        }
    }
}
