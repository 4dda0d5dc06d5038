package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.pickle.PickleReader;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real files, cut and corrupted: each is either read or refused with one line, and soon. */
class MutationTest {
    private static final long SEED = 20261122;
    private static final int MUTATIONS = 4_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    static Stream<Path> samples() {
        return Stream.concat(
                Stream.of(GoldenCase.named("gated_video_28").checkpointFile()),
                Stream.of(
                                "numpy1_protocol0.pkl",
                                "numpy2_protocol2.pkl",
                                "optax_state_protocol4.pkl",
                                "numpy2_dtypes_protocol5.pkl",
                                "layouts_protocol2.pkl",
                                "values_protocol4.pkl")
                        .map(FormatSample::file));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aFileThatIsCutAnywhereIsRefused(Path sample) throws IOException {
        byte[] whole = Files.readAllBytes(sample);
        Assertions.assertTimeout(LIMIT, () -> {
            for (int length = 0; length < whole.length; length++) {
                assertThat(isRead(Arrays.copyOf(whole, length)))
                        .as("cut at %d", length)
                        .isFalse();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aFileWithWrongBytesIsReadOrRefused(Path sample) throws IOException {
        byte[] whole = Files.readAllBytes(sample);
        Random random = new Random(SEED);
        Assertions.assertTimeout(LIMIT, () -> {
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] mutated = whole.clone();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
                }
                isRead(mutated);
            }
        });
    }

    /** Whether the bytes are a checkpoint; anything but a clean refusal otherwise fails the test. */
    private static boolean isRead(byte[] bytes) {
        try {
            CheckpointAssembly.of(
                    "model.pkl",
                    FileTree.of("model.pkl", PickleReader.read("model.pkl", ByteBuffer.wrap(bytes))),
                    Optional.empty());
            return true;
        } catch (CheckpointException refused) {
            assertThat(refused.getMessage())
                    .startsWith("model.pkl: ")
                    .contains(": expected ")
                    .doesNotContain("\n");
            return false;
        }
    }
}
