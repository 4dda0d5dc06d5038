package io.portolan.checkpoints.containers;

import io.airlift.compress.zstd.ZstdDecompressor;
import io.airlift.compress.zstd.ZstdInputStream;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Decompresses Zstandard data whose size is known or bounded by the file around it. */
public final class Zstandard {
    private Zstandard() {}

    /**
     * Decompresses data of a known size.
     *
     * @param name the data's name in errors
     * @throws CheckpointException if it is damaged or has another size
     */
    public static ByteBuffer unpack(String name, ByteBuffer packed, int size) throws CheckpointException {
        ByteBuffer unpacked = ByteBuffer.allocate(size);
        try {
            // The library accepts direct buffers and arrays, but no read-only views of arrays.
            new ZstdDecompressor().decompress(packed.isDirect() ? packed.duplicate() : copy(packed), unpacked);
        } catch (RuntimeException broken) {
            throw broken(name, broken, size + " bytes");
        }
        if (unpacked.hasRemaining()) {
            throw new CheckpointException(name + ": zstd data of " + unpacked.position() + " bytes: expected " + size);
        }
        return unpacked.flip();
    }

    /**
     * Decompresses data of unknown size. The memory grows with the bytes decompressed.
     *
     * @param name the data's name in errors
     * @param most the largest size
     * @throws CheckpointException if it is damaged or larger
     */
    public static ByteBuffer unpackAtMost(String name, ByteBuffer packed, int most) throws CheckpointException {
        byte[] unpacked;
        try (InputStream in = new ZstdInputStream(new ByteRegionInputStream(ByteRegion.of(packed)))) {
            unpacked = in.readNBytes(most);
            if (in.read() >= 0) {
                throw new CheckpointException(
                        name + ": zstd data of more than " + most + " bytes: expected at most as many");
            }
        } catch (CheckpointException refused) {
            throw refused;
        } catch (IOException | RuntimeException broken) {
            throw broken(name, broken, "an undamaged file");
        }
        return ByteBuffer.wrap(unpacked);
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    private static CheckpointException broken(String name, Exception cause, String expectation) {
        return new CheckpointException(
                name + ": broken zstd data (" + Quotation.of(String.valueOf(cause.getMessage())) + "): expected "
                        + expectation,
                cause);
    }
}
