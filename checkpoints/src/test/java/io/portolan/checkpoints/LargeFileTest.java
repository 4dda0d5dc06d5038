package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.numpy.NpyFile;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files above 2 GiB, nearly all of which are holes that take no room on the disk. */
class LargeFileTest {
    /** 2.5 GiB of float32, and a small array after them. */
    private static final long[] LARGE = {5, 1L << 27};

    private static final long LARGE_BYTES = ArrayData.byteCount(ElementType.FLOAT32, LARGE);
    private static final float LAST = 1.5f;

    @TempDir
    private Path folder;

    @Test
    void npy() throws IOException {
        Path file = write("a.npy", NpyFile.header(ElementType.FLOAT32, LARGE), last());

        assertIsLarge(Checkpoints.read(file).parameters().find("arr_0").orElseThrow());
    }

    @Test
    void safetensors() throws IOException {
        String header = "{\"large\":{\"dtype\":\"F32\",\"shape\":[5,134217728],\"data_offsets\":[0," + LARGE_BYTES
                + "]},\"small\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" + LARGE_BYTES + ","
                + (LARGE_BYTES + Float.BYTES) + "]}}";
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        new DataOutputStream(start).writeLong(Long.reverseBytes(header.length()));
        start.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        Path file = write("a.safetensors", start.toByteArray(), last(), last());

        ParameterTree parameters = Checkpoints.read(file).parameters();
        assertIsLarge(parameters.find("large").orElseThrow());
        assertThat(parameters.find("small").orElseThrow().toFloats()).containsExactly(LAST);
    }

    @Test
    void pickle() throws IOException {
        ArrayData large = ArrayData.deferred(ElementType.FLOAT32, LARGE, () -> {
            throw new ElementsReached();
        });
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        assertThatThrownBy(() -> CheckpointFormat.PICKLE.write(checkpoint(large), start))
                .isInstanceOf(ElementsReached.class);
        byte[] end = {'t', 'b', 'u', 'u', '.'};
        Path file = write("a.pkl", start.toByteArray(), last(), end);

        assertIsLarge(Checkpoints.read(file).parameters().find("w").orElseThrow());
    }

    @Test
    @Tag("slow")
    void everyFormatIsWrittenAndReadAgain() throws IOException {
        Path source = write("a.npy", NpyFile.header(ElementType.FLOAT32, LARGE), last());
        Checkpoint checkpoint = Checkpoints.read(source);
        for (CheckpointFormat format : Formats.WRITABLE) {
            Path file = folder.resolve("b." + format.label());
            Checkpoints.write(checkpoint, file, format);
            assertIsLarge(Checkpoints.read(file).parameters().find("arr_0").orElseThrow());
            Files.delete(file);
        }
    }

    @Test
    void whatIsNoCheckpointIsRefused() throws IOException {
        Path file = write("a.pkl", new byte[1], new byte[1]);

        assertThatThrownBy(() -> Checkpoints.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("starts with byte 0x00");
    }

    private static void assertIsLarge(ArrayData array) {
        assertThat(array.shape()).isEqualTo(LARGE);
        assertThat(array.type()).isEqualTo(ElementType.FLOAT32);
        assertThat(array.doubleAt(0)).isZero();
        assertThat(array.doubleAt(array.size() - 1)).isEqualTo(LAST);
    }

    private static Checkpoint checkpoint(ArrayData array) {
        return new Checkpoint(
                ParameterTree.of(Map.of("w", array)),
                ParameterTree.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Map.of());
    }

    /** Writes a start, a hole of the size of the large array that ends with {@code last}, and an end. */
    private Path write(String name, byte[] start, byte[]... ends) throws IOException {
        Path file = folder.resolve(name);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(start));
            channel.position(start.length + LARGE_BYTES - Float.BYTES);
            for (byte[] end : ends) {
                channel.write(ByteBuffer.wrap(end));
            }
        }
        return file;
    }

    private static byte[] last() {
        return ByteBuffer.allocate(Float.BYTES)
                .putInt(Integer.reverseBytes(Float.floatToIntBits(LAST)))
                .array();
    }

    /** Ends the writing of a file at the elements of its only array. */
    private static final class ElementsReached extends IOException {
        private static final long serialVersionUID = 1;
    }
}
