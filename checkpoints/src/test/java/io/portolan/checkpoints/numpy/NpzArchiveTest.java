package io.portolan.checkpoints.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzArchiveTest {
    @TempDir
    private Path folder;

    @Test
    void storedAndDeflatedArchivesHoldTheSameInFileOrder() throws IOException {
        Map<String, ArrayData> stored = NpzArchive.read(FormatSample.file("params.npz"));
        assertThat(stored).isEqualTo(NpzArchive.read(FormatSample.file("params_compressed.npz")));
        assertThat(stored.keySet())
                .containsExactly(
                        "conv1/bias",
                        "conv1/kernel",
                        "cssm_0/kernel",
                        "cssm_0/decay_Q/bias",
                        "cssm_0/decay_Q/kernel",
                        "head/bias",
                        "head/kernel");
        assertThat(stored).isUnmodifiable();
    }

    @Test
    void aStreamIsReadLikeAFile() throws IOException {
        Path sample = FormatSample.file("params.npz");
        try (InputStream in = Files.newInputStream(sample)) {
            assertThat(NpzArchive.read(in, "params")).isEqualTo(NpzArchive.read(sample));
        }
    }

    @Test
    void bigEndianArraysAreSwapped() throws IOException {
        ArrayData array =
                NpzArchive.read(FormatSample.file("numpy2_dtypes_expected.npz")).get("big_endian");
        assertThat(array.toFloats()).hasSize(5).doesNotContain(Float.NaN);
        assertThat(array.shape()).containsExactly(5);
    }

    @Test
    void anArchiveCutAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(FormatSample.file("params.npz"));
        for (int length = 0; length < whole.length; length += 7) {
            refused(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void aCorruptArchiveIsReadOrRefused() throws IOException {
        byte[] whole = Files.readAllBytes(FormatSample.file("params_compressed.npz"));
        Random random = new Random(7);
        for (int i = 0; i < 1_000; i++) {
            byte[] mutated = whole.clone();
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            try {
                read(mutated);
            } catch (CheckpointException refused) {
                assertThat(refused.getMessage())
                        .startsWith("a.npz")
                        .contains(": expected ")
                        .doesNotContain("\n");
            }
        }
    }

    @Test
    void anEntryThatIsNoArrayIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("notes.txt"));
            zip.write('x');
        }
        refused(bytes.toByteArray());
    }

    @Test
    void storedArraysAreViewsOfTheArchive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        NpzArchive.write(Map.of("w", ArrayData.ofFloats(new long[] {1}, 1)), bytes);
        ByteBuffer archive = ByteBuffer.wrap(bytes.toByteArray());
        ArrayData array = NpzArchive.read(archive, "a.npz").get("w");
        for (int i = 0; i < archive.limit(); i++) {
            archive.put(i, (byte) 0);
        }
        assertThat(array.toFloats()).containsExactly(0);
        assertThat(NpzArchive.matches(ByteBuffer.wrap(bytes.toByteArray()))).isTrue();
    }

    @Test
    void manySmallBombsAreOneLargeOne() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < 5; i++) {
                zip.putNextEntry(new ZipEntry(i + ".npy"));
                NpyFile.write(
                        ArrayData.of(ElementType.UINT8, new long[] {20 << 20}, ByteBuffer.allocate(20 << 20)), zip);
            }
        }
        assertThatThrownBy(() -> read(bytes.toByteArray()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("a.npz!'3.npy'")
                .hasMessageContaining("unpack to more than 67108864");
    }

    @Test
    void entriesThatShareTheirBytesAreRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        NpzArchive.write(
                Map.of("w", ArrayData.of(ElementType.UINT8, new long[] {1000}, ByteBuffer.allocate(1000))), bytes);
        byte[] archive = bytes.toByteArray();
        int end = archive.length - 22;
        int directory = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).getInt(end + 16);
        ByteBuffer twice = ByteBuffer.allocate(archive.length + end - directory)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(archive, 0, end)
                .put(archive, directory, end - directory)
                .put(archive, end, 22);
        int newEnd = twice.limit() - 22;
        twice.putShort(newEnd + 8, (short) 2)
                .putShort(newEnd + 10, (short) 2)
                .putInt(newEnd + 12, 2 * (end - directory));

        assertThatThrownBy(() -> read(twice.array()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("do not overlap");
    }

    /** As Python's zipfile has it. */
    @Test
    void foldersAreNoArraysWhereverTheyStand() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : new String[] {"d/", "d/e/", "w.npy", "z.npy/"}) {
                ZipEntry entry = new ZipEntry(name);
                entry.setMethod(name.endsWith("/") ? ZipEntry.STORED : ZipEntry.DEFLATED);
                if (name.endsWith("/")) {
                    entry.setSize(0);
                    entry.setCrc(0);
                }
                zip.putNextEntry(entry);
                if (!name.endsWith("/")) {
                    NpyFile.write(ArrayData.ofFloats(new long[] {1}, 1), zip);
                }
            }
        }
        assertThat(NpzArchive.matches(ByteBuffer.wrap(bytes.toByteArray()))).isTrue();
        assertThat(read(bytes.toByteArray())).containsOnlyKeys("w");
        Path file = Files.write(folder.resolve("dir.npz"), bytes.toByteArray());
        assertThat(Checkpoints.read(file).parameters().arrays()).containsOnlyKeys("w");
    }

    @Test
    void anEntryWithTwoNamesIsRefused() {
        assertThatThrownBy(() -> NpzArchive.read(FormatSample.file("wild/zip-name-mismatch.npz")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has another name in the archive's directory");
    }

    @Test
    void anArchiveIsNotWrittenUnderNamesThatNoneShouldHave() {
        assertThatThrownBy(() -> NpzArchive.write(
                        Map.of("../w", ArrayData.ofFloats(new long[0], 1)), new ByteArrayOutputStream()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("points out of the archive");
    }

    private static void refused(byte[] bytes) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(": expected ");
    }

    private static Map<String, ArrayData> read(byte[] bytes) throws IOException {
        return NpzArchive.read(new ByteArrayInputStream(bytes), "a.npz");
    }
}
