package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Real checkpoints through every writer and back. */
class RoundTripTest {
    @TempDir
    private Path folder;

    static Stream<Path> checkpoints() {
        return Stream.concat(
                Stream.of(
                                "numpy2_protocol5.pkl",
                                "values_protocol4.pkl",
                                "training_args_protocol4.pkl",
                                "optax_state_protocol4.pkl",
                                "bfloat16_protocol4.pkl",
                                "float8_protocol4.pkl",
                                "numpy2_dtypes_protocol4.pkl",
                                "params.safetensors")
                        .map(FormatSample::file),
                Stream.of(GoldenCase.named("transformer_batchnorm_32").checkpointFile()));
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void everyWriterKeepsEverything(Path file) throws IOException {
        Checkpoint original = Checkpoints.read(file);
        for (CheckpointFormat format : Formats.WRITABLE) {
            Checkpoint read = throughFile(original, format);
            assertSame(read, original);
            for (CheckpointFormat next : Formats.WRITABLE) {
                assertSame(throughFile(read, next), original);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NPY", "HDF5", "ORBAX"})
    void aWrittenFileIsDetectedAsWhatItIs(CheckpointFormat format) throws IOException {
        Path file = folder.resolve("written");
        Checkpoints.write(GoldenCase.named("gated_video_28").checkpoint(), file, format);
        assertThat(Checkpoints.detect(file).format()).isEqualTo(format);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NPY", "HDF5", "ORBAX"})
    void theSameCheckpointIsTheSameFile(CheckpointFormat format) throws IOException {
        Checkpoint checkpoint = GoldenCase.named("transformer_batchnorm_32").checkpoint();
        assertThat(bytes(checkpoint, format)).isEqualTo(bytes(checkpoint, format));
    }

    @Test
    void writingLeavesNoPartialFile() throws IOException {
        Checkpoint checkpoint = GoldenCase.named("gated_video_28").checkpoint();
        Path file = Files.writeString(folder.resolve("model.npz"), "old");
        Checkpoints.write(checkpoint, file, CheckpointFormat.NPZ);
        assertThatThrownBy(() -> Checkpoints.write(checkpoint, folder.resolve("model.npy"), CheckpointFormat.NPY))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("a single array");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertSame(Checkpoints.read(file), checkpoint);
    }

    private Checkpoint throughFile(Checkpoint checkpoint, CheckpointFormat format) throws IOException {
        Path file = folder.resolve("checkpoint");
        Files.deleteIfExists(file);
        Checkpoints.write(checkpoint, file, format);
        return Checkpoints.read(file);
    }

    static byte[] bytes(Checkpoint checkpoint, CheckpointFormat format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Checkpoints.write(checkpoint, bytes, format);
        return bytes.toByteArray();
    }

    /** Equal bits under the same names in the same order, and all the rest. */
    static void assertSame(Checkpoint read, Checkpoint original) {
        assertThat(read).isEqualTo(original);
        assertThat(List.copyOf(read.parameters().arrays().keySet()))
                .isEqualTo(List.copyOf(original.parameters().arrays().keySet()));
        assertThat(List.copyOf(read.batchStatistics().arrays().keySet()))
                .isEqualTo(List.copyOf(original.batchStatistics().arrays().keySet()));
    }
}
