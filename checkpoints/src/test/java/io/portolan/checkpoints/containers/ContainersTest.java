package io.portolan.checkpoints.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.zstd.ZstdOutputStream;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZOutputStream;

/** Containers that are damaged, mean harm or leave a choice. */
class ContainersTest {
    private static final byte[] CHECKPOINT = "CHECKPOINT and its arrays".getBytes(StandardCharsets.US_ASCII);
    private static final Magic MAGIC = new Magic(0, "CHECKPOINT");

    private interface Packer {
        OutputStream open(OutputStream out) throws IOException;
    }

    private enum Packing {
        GZIP(GZIPOutputStream::new),
        XZ(out -> new XZOutputStream(out, new LZMA2Options(1))),
        BZIP2(BZip2CompressorOutputStream::new),
        ZSTD(ZstdOutputStream::new),
        LZ4(FramedLZ4CompressorOutputStream::new),
        LZMA(out -> new LZMAOutputStream(out, new LZMA2Options(1), -1)),
        ZLIB(DeflaterOutputStream::new);

        private final Packer packer;

        Packing(Packer packer) {
            this.packer = packer;
        }

        byte[] pack(byte[] content, int times) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = packer.open(bytes)) {
                for (int i = 0; i < times; i++) {
                    out.write(content);
                }
            }
            return bytes.toByteArray();
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCompressionIsUnpacked(Packing packing) throws IOException {
        assertThat(open(packing.pack(CHECKPOINT, 1)).bytes()).isEqualTo(ByteRegion.of(ByteBuffer.wrap(CHECKPOINT)));
    }

    @ParameterizedTest
    @EnumSource
    void aBombIsStoppedSoon(Packing packing) throws IOException {
        byte[] bomb = packing.pack(new byte[1 << 20], 80);
        Assertions.assertTimeout(Duration.ofSeconds(20), () -> refused(bomb, "unpack to more than 67108864"));
    }

    @ParameterizedTest
    @EnumSource
    void damagedDataIsRefusedOrUnpacked(Packing packing) throws IOException {
        byte[] whole = packing.pack(
                new Random(1)
                        .doubles(200)
                        .mapToObj(Double::toString)
                        .reduce("CHECKPOINT", String::concat)
                        .getBytes(StandardCharsets.US_ASCII),
                1);
        for (int length = 12; length < whole.length; length += 13) {
            refused(Arrays.copyOf(whole, length), "m.pkl");
        }
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            byte[] mutated = whole.clone();
            mutated[8 + random.nextInt(whole.length - 8)] = (byte) random.nextInt(256);
            try {
                open(mutated);
            } catch (CheckpointException refused) {
                assertThat(refused.getMessage())
                        .startsWith("m.pkl")
                        .contains(": expected ")
                        .doesNotContain("\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LZMA", "ZLIB"})
    void whatFollowsTheOnlyStreamOfAFileIsRefused(Packing packing) throws IOException {
        byte[] one = packing.pack(CHECKPOINT, 1);
        byte[] two = Arrays.copyOf(one, one.length + 4);
        refused(two, "bytes follow the stream");
    }

    /** Java's own reader of gzip would call itself for each. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LZMA", "ZLIB"})
    void anyNumberOfEmptyStreamsIsUnpacked(Packing packing) throws IOException {
        byte[] empty = packing.pack(new byte[0], 1);
        ByteBuffer bytes = ByteBuffer.allocate(20_000 * empty.length + 200);
        for (int i = 0; i < 20_000; i++) {
            bytes.put(empty);
        }
        byte[] nothing = Arrays.copyOf(bytes.array(), bytes.position());
        bytes.put(packing.pack(CHECKPOINT, 1));
        byte[] last = Arrays.copyOf(bytes.array(), bytes.position());

        assertThat(Assertions.assertTimeout(Duration.ofSeconds(60), () -> open(last))
                        .bytes())
                .isEqualTo(ByteRegion.of(ByteBuffer.wrap(CHECKPOINT)));
        assertThat(Assertions.assertTimeout(Duration.ofSeconds(60), () -> open(nothing))
                        .bytes()
                        .size())
                .isZero();
    }

    @Test
    void whatFollowsAGzipFileIsRefused() throws IOException {
        byte[] gzip = Packing.GZIP.pack(CHECKPOINT, 1);
        byte[] more = Arrays.copyOf(gzip, gzip.length + 4);
        Arrays.fill(more, gzip.length, more.length, (byte) 'x');
        refused(more, "broken gzip data");
    }

    @Test
    void foldersInAZipFileAreNoFilesAndOtherNamesBeforeTheContentsAreRefused() throws IOException {
        assertThat(open(zip("d/", "d/e/", "d/e/a.pkl", "z/")).name()).isEqualTo("m.pkl!'d/e/a.pkl'");
        byte[] whole = zip("a.pkl");
        int name = 30;
        for (byte other : new byte[] {'b', '/', '\\', (byte) 0xe9, 0}) {
            byte[] mutated = whole.clone();
            mutated[name] = other;
            refused(mutated, "another name");
        }
    }

    @Test
    void anXzFileThatAsksForMoreMemoryThanItsPresetsIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LZMA2Options options = new LZMA2Options(0);
        options.setDictSize(4096);
        try (OutputStream out = new XZOutputStream(bytes, options)) {
            out.write(CHECKPOINT);
        }
        byte[] xz = bytes.toByteArray();
        int dictionary = 16;
        assertThat(xz[dictionary - 2]).as("the LZMA2 filter").isEqualTo((byte) 0x21);
        xz[dictionary] = 39;
        CRC32 checksum = new CRC32();
        checksum.update(xz, 12, 8);
        ByteBuffer.wrap(xz).order(ByteOrder.LITTLE_ENDIAN).putInt(20, (int) checksum.getValue());
        refused(xz, "broken xz data");
    }

    @Test
    void containersWithinContainersAreOpenedToADepth() throws IOException {
        byte[] packed = CHECKPOINT;
        for (int i = 0; i < 4; i++) {
            packed = Packing.GZIP.pack(packed, 1);
        }
        assertThat(open(packed).layers()).containsExactly("gzip", "gzip", "gzip", "gzip");
        refused(Packing.GZIP.pack(packed, 1), "at most 4 layers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/cron.d/evil",
                "/etc/passwd",
                "a/../../b",
                "..",
                "C:\\evil",
                "a\\..\\..\\b",
                "\\\\host\\share"
            })
    void aNameThatLeadsOutIsRefused(String name) throws IOException {
        refused(zip(name), "points out of the archive");
        refused(tar(new TarArchiveEntry(name, true)), "points out of the archive");
    }

    @Test
    void linksAndDevicesAreRefused() throws IOException {
        for (byte kind :
                new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_CHR, TarConstants.LF_FIFO}) {
            TarArchiveEntry entry = new TarArchiveEntry("checkpoint.pkl", kind);
            entry.setLinkName("/etc/passwd");
            refused(tar(entry), "is a link or device");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            ZipArchiveEntry entry = new ZipArchiveEntry("checkpoint.pkl");
            entry.setUnixMode(0120777);
            zip.putArchiveEntry(entry);
            zip.write("/etc/passwd".getBytes(StandardCharsets.US_ASCII));
            zip.closeArchiveEntry();
        }
        refused(bytes.toByteArray(), "is a link or device");
    }

    @Test
    void aChoiceIsLeftToTheUser() throws IOException {
        refused(zip("a.pkl", "b/c.pkl"), "several checkpoints: 'a.pkl', 'b/c.pkl'");
        refused(zip(), "m.pkl");
        refused(zip("notes.txt!"), "no checkpoint among its files 'notes.txt!'");
        assertThat(open(zip("a.pkl", "notes.txt!")).name()).isEqualTo("m.pkl!'a.pkl'");
    }

    @Test
    void aZipBombIsStoppedSoon() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("a.pkl"));
            zip.write(CHECKPOINT);
            for (int i = 0; i < 80; i++) {
                zip.write(new byte[1 << 20]);
            }
        }
        refused(bytes.toByteArray(), "unpack to more than");
    }

    @Test
    void archivesThatAreDamagedAreRefusedOrOpened() throws IOException {
        for (byte[] whole : new byte[][] {zip("a.pkl", "notes.txt!"), tar(new TarArchiveEntry("a.pkl"))}) {
            Random random = new Random(3);
            for (int i = 0; i < 2_000; i++) {
                byte[] mutated = i % 2 == 0 ? whole.clone() : Arrays.copyOf(whole, random.nextInt(whole.length));
                if (mutated.length > 0) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
                }
                try {
                    open(mutated);
                } catch (CheckpointException refused) {
                    assertThat(refused.getMessage())
                            .startsWith("m.pkl")
                            .contains(": expected ")
                            .doesNotContain("\n");
                }
            }
        }
    }

    private static Containers.Contents open(byte[] bytes) throws IOException {
        return new Containers(UnpackingLimits.defaults(), MAGIC::matches, archive -> false)
                .open("m.pkl", ByteRegion.of(ByteBuffer.wrap(bytes)));
    }

    private static void refused(byte[] bytes, String problem) {
        assertThatThrownBy(() -> {
                    Containers.Contents contents = open(bytes);
                    throw new AssertionError("opened as " + contents.layers());
                })
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining(": expected ");
    }

    /** An archive of checkpoints under these names, or of a note where the name ends with an exclamation mark. */
    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (String name :
                    Stream.concat(Stream.of("folder/"), Arrays.stream(names)).toList()) {
                ZipArchiveEntry entry = new ZipArchiveEntry(name);
                zip.putArchiveEntry(entry);
                if (!name.endsWith("/")) {
                    zip.write(name.endsWith("!") ? new byte[] {'x'} : CHECKPOINT);
                }
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] tar(TarArchiveEntry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            if (entry.isFile()) {
                entry.setSize(CHECKPOINT.length);
            }
            tar.putArchiveEntry(entry);
            if (entry.isFile()) {
                tar.write(CHECKPOINT);
            }
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }
}
