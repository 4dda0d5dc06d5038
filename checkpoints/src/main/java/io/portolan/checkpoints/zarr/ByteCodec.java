package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.containers.ByteRegionInputStream;
import io.portolan.checkpoints.containers.Zstandard;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** What is done to the bytes of a chunk, by the names that both versions of zarr give it. */
enum ByteCodec {
    ZSTD("zstd") {
        @Override
        ByteBuffer decode(String name, ByteBuffer bytes, int size) throws CheckpointException {
            return Zstandard.unpack(name, bytes, size);
        }
    },
    GZIP("gzip") {
        @Override
        ByteBuffer decode(String name, ByteBuffer bytes, int size) throws CheckpointException {
            return unpack(
                    name,
                    label(),
                    size,
                    () -> GzipCompressorInputStream.builder()
                            .setInputStream(new ByteRegionInputStream(ByteRegion.of(bytes)))
                            .setDecompressConcatenated(true)
                            .get());
        }
    },
    ZLIB("zlib") {
        @Override
        ByteBuffer decode(String name, ByteBuffer bytes, int size) throws CheckpointException {
            Inflater inflater = new Inflater();
            try {
                return unpack(
                        name,
                        label(),
                        size,
                        () -> new InflaterInputStream(
                                new ByteRegionInputStream(ByteRegion.of(bytes)), inflater, BUFFER));
            } finally {
                inflater.end();
            }
        }
    },
    /** A checksum of four bytes at the end. */
    CRC("crc32c") {
        @Override
        ByteBuffer decode(String name, ByteBuffer bytes, int size) throws CheckpointException {
            if (bytes.remaining() != storedBytes(size)) {
                throw error(name, bytes.remaining() + " bytes", storedBytes(size) + ", the checksum included");
            }
            CRC32C actual = new CRC32C();
            actual.update(bytes.slice(0, size));
            if ((int) actual.getValue()
                    != bytes.slice().order(ByteOrder.LITTLE_ENDIAN).getInt(size)) {
                throw error(name, "the CRC-32C does not match", "an undamaged file");
            }
            return bytes.slice(0, size);
        }

        @Override
        boolean isSizeFixed() {
            return true;
        }
    };

    private static final int BUFFER = 1 << 16;

    private interface Opener {
        InputStream open() throws IOException;
    }

    private final String label;

    ByteCodec(String label) {
        this.label = label;
    }

    /** The codec's name in metadata. */
    String label() {
        return label;
    }

    /**
     * Undoes the codec.
     *
     * @param name the chunk's name in errors
     * @param size the size in bytes of the result
     * @throws CheckpointException if the bytes are damaged or have another size
     */
    abstract ByteBuffer decode(String name, ByteBuffer bytes, int size) throws CheckpointException;

    /** Whether the size of what is stored follows from the size of the result. */
    boolean isSizeFixed() {
        return false;
    }

    /** The size of what is stored, if it is fixed. */
    int storedBytes(int size) {
        return Math.addExact(size, Integer.BYTES);
    }

    private static ByteBuffer unpack(String name, String label, int size, Opener opener) throws CheckpointException {
        try (InputStream in = opener.open()) {
            byte[] unpacked = in.readNBytes(size);
            if (unpacked.length < size || in.read() >= 0) {
                throw error(name, label + " data of another size", size + " bytes");
            }
            return ByteBuffer.wrap(unpacked);
        } catch (CheckpointException refused) {
            throw refused;
        } catch (IOException | RuntimeException broken) {
            // The libraries throw arbitrary runtime exceptions for malformed data.
            throw new CheckpointException(
                    name + ": broken " + label + " data (" + Quotation.of(String.valueOf(broken.getMessage()))
                            + "): expected an undamaged file",
                    broken);
        }
    }

    private static CheckpointException error(String name, String problem, String expectation) {
        return new CheckpointException(name + ": " + problem + ": expected " + expectation);
    }
}
