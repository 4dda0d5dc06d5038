package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code joblib.dump} writes: a pickle with the elements of arrays between its instructions. */
class JoblibTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "plain, pickle protocol 4",
        "protocol2, pickle protocol 2",
        "protocol3, pickle protocol 3",
        "protocol5, pickle protocol 5",
        "zlib, pickle protocol 4 in zlib",
        "gzip, pickle protocol 4 in gzip",
        "bz2, pickle protocol 4 in bzip2",
        "lzma, pickle protocol 4 in lzma",
        "xz, pickle protocol 4 in xz",
        "lz4, pickle protocol 4 in lz4"
    })
    void everyCompressionAndProtocolHoldsTheSameArrays(String sample, String format) throws IOException {
        assertHoldsTheTree(FormatSample.file("joblib/" + sample + ".joblib"), format);
    }

    @Test
    void theFormatBeforeVersion10IsRead() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.writeBytes(String.format("ZF%-19s", "0x4a1").getBytes(StandardCharsets.US_ASCII));
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(packed)) {
            Files.copy(FormatSample.file("joblib/protocol2.joblib"), zlib);
        }
        assertHoldsTheTree(
                Files.write(folder.resolve("old.joblib"), packed.toByteArray()),
                "pickle protocol 2 in zlib of an old joblib");
    }

    @Test
    void compressedBlocksOfLz4AreRead() throws IOException {
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file("joblib/lab-lz4.joblib"));

        assertThat(checkpoint.parameters().find("w").orElseThrow()).isEqualTo(floats(2, 3, 4));
        assertThat(checkpoint.epoch()).hasValue(3);
    }

    @Test
    void arraysInOtherFilesAreRefusedWithTheWayOut() throws IOException {
        String pickle = "cjoblib.numpy_pickle\nNDArrayWrapper\n(V/tmp/a_01.npy\ntR.";
        Path file = Files.writeString(folder.resolve("old.pkl"), pickle);

        assertThatThrownBy(() -> Checkpoints.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("an old joblib stored in a file of its own")
                .hasMessageContaining("joblib.dump again");
    }

    @Test
    void aFileThatIsCutAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(FormatSample.file("joblib/plain.joblib"));
        Path file = folder.resolve("cut.joblib");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Checkpoints.read(file))
                    .as("cut at %d", length)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("expected ");
        }
    }

    private static void assertHoldsTheTree(Path file, String format) throws IOException {
        OpenedCheckpoint opened = Checkpoints.open(file, ReadOptions.defaults());
        ParameterTree parameters = opened.checkpoint().parameters();

        assertThat(opened.format()).hasToString(format);
        assertThat(parameters.find("w").orElseThrow()).isEqualTo(floats(2, 3, 4));
        assertThat(parameters.find("again").orElseThrow()).isEqualTo(floats(2, 3, 4));
        assertThat(parameters.find("f").orElseThrow()).isEqualTo(floats(3, 4));
        assertThat(parameters.find("e").orElseThrow()).isEqualTo(floats(0, 3));
        assertThat(parameters.find("h").orElseThrow().longAt(0)).isEqualTo(7);
        ArrayData doubles = parameters.find("big").orElseThrow();
        assertThat(doubles.type()).isEqualTo(ElementType.FLOAT64);
        assertThat(doubles.doubleAt(3)).isEqualTo(3);
        assertThat(opened.checkpoint().epoch()).hasValue(3);
        assertThat(opened.checkpoint().metadata())
                .containsEntry("names", List.of(Arrays.asList("a", null), List.of(Map.of("x", 1L), List.of(2L))));
    }

    /** 0, 1, 2, … in this shape. */
    private static ArrayData floats(long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (one, other) -> one * other);
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.range(0, count).forEach(bytes::putFloat);
        return ArrayData.of(ElementType.FLOAT32, shape, bytes.flip());
    }
}
