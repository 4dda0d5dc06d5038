package io.portolan.checkpoints.containers;

import io.airlift.compress.zstd.ZstdInputStream;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Compression formats of a single file, detected by its first bytes. Each supports any number of concatenated streams,
 * apart from lzma and zlib, of which a file holds one. Java's own class is not used for gzip, because it recurses once for
 * each empty stream.
 */
enum Compression {
    GZIP(
            "gzip",
            "\u001f\u008b",
            in -> GzipCompressorInputStream.builder()
                    .setInputStream(in)
                    .setDecompressConcatenated(true)
                    .get()),
    XZ("xz", "\u00fd7zXZ\0", in -> new XZInputStream(in, Compression.XZ_MEMORY_KIB)),
    BZIP2("bzip2", "BZh", in -> new BZip2CompressorInputStream(in, true)),
    ZSTANDARD("zstd", "(\u00b5/\u00fd", ZstdInputStream::new),
    LZ4("lz4", "\u0004\"M\u0018", Lz4InputStream::new),
    /** The format before xz, which Python calls FORMAT_ALONE: it starts with its parameters, nearly always these. */
    LZMA("lzma", "]\0\0", in -> new LZMAInputStream(in, Compression.XZ_MEMORY_KIB)),
    ZLIB("zlib", List.of("x\u0001", "x^", "x\u009c", "x\u00da"), ZlibInputStream::new),
    /** What joblib wrote before version 0.10: the size in hexadecimal, and a zlib stream. */
    ZFILE("zlib of an old joblib", "ZF0x", Compression::zfile);

    /** Memory limit of xz besides the result; its highest preset, -9, needs 65 MiB. */
    private static final int XZ_MEMORY_KIB = 256 << 10;

    /** The letters ZF and a size of 19 characters. */
    private static final int ZFILE_HEADER = 21;

    private interface Opener {
        InputStream open(InputStream packed) throws IOException;
    }

    private final String label;
    private final List<Magic> magics;
    private final Opener opener;

    Compression(String label, String magic, Opener opener) {
        this(label, List.of(magic), opener);
    }

    Compression(String label, List<String> magics, Opener opener) {
        this.label = label;
        this.magics = magics.stream().map(magic -> new Magic(0, magic)).toList();
        this.opener = opener;
    }

    static Optional<Compression> of(ByteBuffer bytes) {
        return Arrays.stream(values())
                .filter(compression -> compression.magics.stream().anyMatch(magic -> magic.matches(bytes)))
                .findFirst();
    }

    private static InputStream zfile(InputStream packed) throws IOException {
        packed.skipNBytes(ZFILE_HEADER);
        PushbackInputStream rest = new PushbackInputStream(packed);
        int next = rest.read();
        // Python 2 wrote one blank more.
        if (next >= 0 && next != ' ') {
            rest.unread(next);
        }
        return new ZlibInputStream(rest);
    }

    String label() {
        return label;
    }

    ByteRegion unpack(String name, ByteRegion packed, UnpackingLimits limits) throws IOException {
        ByteRegionInputStream in = new ByteRegionInputStream(packed);
        try (InputStream unpacked = opener.open(in)) {
            ByteRegion contents = Unpacked.all(unpacked, name, packed.size(), limits);
            if (in.position() < packed.size()) {
                throw new IOException("bytes follow the stream");
            }
            return contents;
        } catch (CheckpointException refused) {
            throw refused;
        } catch (IOException | RuntimeException broken) {
            // The libraries throw arbitrary runtime exceptions for malformed data.
            throw new CheckpointException(
                    name + ": broken " + label + " data near byte " + in.position() + " ("
                            + Quotation.of(String.valueOf(broken.getMessage())) + "): expected an undamaged file",
                    broken);
        }
    }
}
