package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.numpy.NpyFile;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays of objects in numpy's own files, and leaves one after the other. */
class NpyFormTest {
    @TempDir
    private Path folder;

    @Test
    void aDictionarySavedAsAnArrayIsTheCheckpoint() throws IOException {
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file("wild/object-dict.npy"));

        assertThat(checkpoint.parameters().find("dense/w").orElseThrow())
                .isEqualTo(ArrayData.ofFloats(new long[] {3}, 0, 1, 2));
        assertThat(checkpoint.epoch()).hasValue(3);
    }

    @Test
    void anArchiveMayHoldDictionariesBesideArrays() throws IOException {
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file("wild/object-entries.npz"));

        assertThat(checkpoint.parameters().find("dense/w").orElseThrow())
                .isEqualTo(ArrayData.ofFloats(new long[] {3}, 0, 1, 2));
        assertThat(checkpoint.step()).hasValue(7);
    }

    @Test
    void leavesOfEquinoxAreNumbered() throws IOException {
        Checkpoint bare = Checkpoints.read(FormatSample.file("wild/lab-equinox-leaves.eqx"));
        Checkpoint headed = Checkpoints.read(FormatSample.file("wild/lab-equinox-header-leaves.eqx"));

        assertThat(bare.parameters().arrays().keySet()).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(bare.parameters().find("5").orElseThrow().shape()).containsExactly(4, 2);
        assertThat(headed.parameters()).isEqualTo(bare.parameters());
        assertThat(headed.metadata()).containsEntry("header", Map.of("width", 4L));
    }

    @Test
    void leavesThatAreCutAreRefusedWithTheirPlace() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        NpyFile.write(ArrayData.ofFloats(new long[] {2}, 1, 2), bytes);
        int second = bytes.size();
        NpyFile.write(ArrayData.ofFloats(new long[] {2}, 3, 4), bytes);
        byte[] whole = bytes.toByteArray();
        Path file = folder.resolve("a.eqx");
        for (int length = second + 1; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Checkpoints.read(file))
                    .as("cut at %d", length)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("array 1 at byte " + second)
                    .hasMessageContaining("expected ");
        }
    }
}
