package io.portolan.graphs.data.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.graphs.data.Resources;
import io.portolan.graphs.data.error.DatasetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TfRecordFileTest {
    @TempDir
    private Path folder;

    @Test
    void recordsThatAreWrittenAgainMakeTheSameFile() throws IOException {
        Path copy = folder.resolve("copy.tfrecord");
        try (TfRecordFile file = TfRecordFile.open(Resources.records());
                TfRecordWriter writer = TfRecordWriter.create(copy)) {
            assertThat(file.size()).isEqualTo(2);
            for (int i = 0; i < file.size(); i++) {
                writer.write(bytes(file.read(i)));
            }
        }
        assertThat(copy).hasSameBinaryContentAs(Resources.records());
    }

    @Test
    void recordsCanBeReadInAnyOrder() throws IOException {
        try (TfRecordFile file = write("one", "", "three")) {
            assertThat(new String(bytes(file.read(2)), StandardCharsets.UTF_8)).isEqualTo("three");
            assertThat(bytes(file.read(1))).isEmpty();
            assertThat(new String(bytes(file.read(0)), StandardCharsets.UTF_8)).isEqualTo("one");
            assertThat(file.place(1)).endsWith("record 1 at byte 19");
        }
    }

    @Test
    void anEmptyFileHasNoRecords() throws IOException {
        try (TfRecordFile file = write()) {
            assertThat(file.size()).isZero();
        }
    }

    @Test
    void aFileThatIsCutAnywhereIsRefusedOrHasFewerRecords() throws IOException {
        write("one", "two").close();
        byte[] whole = Files.readAllBytes(folder.resolve("records.tfrecord"));
        for (int length = 1; length < whole.length; length++) {
            Path cut = Files.write(folder.resolve("cut.tfrecord"), Arrays.copyOf(whole, length));
            if (length == whole.length / 2) {
                TfRecordFile.open(cut).close();
            } else {
                assertThatThrownBy(() -> TfRecordFile.open(cut).close())
                        .isInstanceOf(DatasetException.class)
                        .hasMessageContainingAll(
                                "cut.tfrecord", "at byte " + (length < whole.length / 2 ? 0 : whole.length / 2));
            }
        }
    }

    @Test
    void aBitThatIsFlippedAnywhereIsFound() throws IOException {
        write("one", "two").close();
        byte[] whole = Files.readAllBytes(folder.resolve("records.tfrecord"));
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            Path file = Files.write(folder.resolve("flipped.tfrecord"), flipped);
            assertThatThrownBy(() -> readAll(file))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("checksum");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, -1, Integer.MAX_VALUE, 1L << 32, 100})
    void aLengthThatTheFileCannotHoldIsRefusedBeforeMemoryIsTaken(long length) throws IOException {
        ByteBuffer frame =
                ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        frame.putInt(MaskedCrc.of(frame.slice(0, Long.BYTES)));
        Path file = Files.write(folder.resolve("hostile.tfrecord"), frame.array());
        assertThatThrownBy(() -> TfRecordFile.open(file).close())
                .isInstanceOf(DatasetException.class)
                .hasMessageContainingAll("hostile.tfrecord", "byte 0", Long.toUnsignedString(length), "48 are left");
    }

    private static void readAll(Path path) throws IOException {
        try (TfRecordFile file = TfRecordFile.open(path)) {
            for (int i = 0; i < file.size(); i++) {
                file.read(i);
            }
        }
    }

    private TfRecordFile write(String... records) throws IOException {
        Path path = folder.resolve("records.tfrecord");
        try (TfRecordWriter writer = TfRecordWriter.create(path)) {
            for (String record : records) {
                writer.write(record.getBytes(StandardCharsets.UTF_8));
            }
        }
        return TfRecordFile.open(path);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
