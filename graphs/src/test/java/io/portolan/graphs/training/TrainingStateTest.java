package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a saved run. */
class TrainingStateTest {
    private static final ArrayData ARRAY = ArrayData.ofFloats(new long[] {2}, 1e-45f, Float.NaN);

    @TempDir
    private Path folder;

    @Test
    void everythingComesBackAsItWas() throws IOException {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        arrays.put("params/b", ARRAY);
        arrays.put("params/a/kernel", ARRAY);
        SessionState session = new SessionState(arrays, new SessionState.Counters(7, 5, 2));
        RunPosition later = new RunPosition(3, 4, 6, 0.1 + 0.2, 5, new EpochTotals(1.0 / 3, 0.7, 2));
        for (RunPosition position : List.of(RunPosition.START, later)) {
            TrainingState state = new TrainingState(session, position);
            Path file = folder.resolve("state.npz");
            state.write(file);
            TrainingState read = TrainingState.read(file);
            assertThat(read).isEqualTo(state);
            assertThat(List.copyOf(read.session().arrays().keySet())).containsExactly("params/b", "params/a/kernel");
            assertThat(folder).isDirectoryNotContaining("glob:**.part");
        }
    }

    @Test
    void whatIsNoStateIsRefusedByName() throws IOException {
        Path file = folder.resolve("state.npz");
        try (OutputStream out = Files.newOutputStream(file)) {
            NpzArchive.write(Map.of("a", ARRAY), out);
        }
        assertThatThrownBy(() -> TrainingState.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("state.npz", "progress.json");
        new TrainingState(new SessionState(Map.of("a", ARRAY), new SessionState.Counters(0, 0, 0)), RunPosition.START)
                .write(file);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 30));
        assertThatThrownBy(() -> TrainingState.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("state.npz");
    }
}
