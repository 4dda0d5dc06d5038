package io.portolan.checkpoints.containers;

import io.airlift.compress.zstd.ZstdInputStream;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Compression formats of a single file, detected by its first bytes. Each supports any number of concatenated streams.
 * Java's own class is not used for gzip, because it recurses once for each empty stream.
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
    ZSTANDARD("zstd", "(\u00b5/\u00fd", ZstdInputStream::new);

    /** Memory limit of xz besides the result; its highest preset, -9, needs 65 MiB. */
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private interface Opener {
        InputStream open(InputStream packed) throws IOException;
    }

    private final String label;
    private final Magic magic;
    private final Opener opener;

    Compression(String label, String magic, Opener opener) {
        this.label = label;
        this.magic = new Magic(0, magic);
        this.opener = opener;
    }

    static Optional<Compression> of(ByteBuffer bytes) {
        return Arrays.stream(values())
                .filter(compression -> compression.magic.matches(bytes))
                .findFirst();
    }

    String label() {
        return label;
    }

    ByteRegion unpack(String name, ByteRegion packed, UnpackingLimits limits) throws IOException {
        ByteRegionInputStream in = new ByteRegionInputStream(packed);
        try (InputStream unpacked = opener.open(in)) {
            return Unpacked.all(unpacked, name, packed.size(), limits);
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
