package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import example.Training;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.ops.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run through the library: started, stopped and resumed. */
class TrainingRunTest {
    private static final int SAMPLES = 32;

    @TempDir
    private Path folder;

    @Test
    void theExampleOfThePageGoesOnWhereTheRunStopped() throws IOException {
        Path whole = folder.resolve("whole");
        Path halves = folder.resolve("halves");
        assertThat(begin(whole, 6).train(() -> false, List.of())).isTrue();
        assertThat(begin(halves, 3).train(() -> false, List.of())).isTrue();
        assertThat(Training.resume(halves, 6)).isTrue();

        assertThat(TrainingRun.resume(halves, Device.CPU).steps()).isEqualTo(6);
        assertThat(Checkpoints.read(halves.resolve("last.pkl")).parameters())
                .isEqualTo(Checkpoints.read(whole.resolve("last.pkl")).parameters());
    }

    @Test
    void aFolderWithARunIsNotOverwrittenAndOneWithoutIsNotResumed() throws IOException {
        begin(folder.resolve("run"), 1).train(() -> false, List.of());

        assertThatExceptionOfType(TrainingException.class)
                .isThrownBy(() -> begin(folder.resolve("run"), 1))
                .withMessageContaining("already holds a run");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> TrainingRun.resume(folder, Device.CPU))
                .withMessageContaining("no run to resume");
    }

    @Test
    void thePageShowsTheExampleThatIsCompiledHere() throws IOException {
        String source = Files.readString(Path.of("src", "test", "java", "example", "Training.java"));

        assertThat(Path.of("..", "docs", "training.md"))
                .content()
                .contains("```java\n" + source.substring(source.indexOf("import ")) + "```");
    }

    private static TrainingRun begin(Path run, long steps) throws IOException {
        RunSettings settings = new RunSettings(
                "generate:easiest:40",
                SAMPLES,
                TinyRun.MODEL.toMap(),
                Plan.FUSED,
                Precision.SINGLE,
                8,
                7,
                steps,
                1,
                TinyRun.OPTIMIZER);
        return TrainingRun.begin(run, settings, TinyRun.initial(), Device.CPU);
    }
}
