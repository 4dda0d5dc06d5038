package io.portolan.checkpoints.ocdbt;

import io.portolan.checkpoints.containers.Zstandard;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** What manifests and nodes are wrapped in: magic number, length, version, compression, body and CRC-32C. */
enum Envelope {
    MANIFEST("manifest", 0x0cdb3a2a),
    NODE("B+tree node", 0x0cdb20de);

    private static final int HEADER = Integer.BYTES + Long.BYTES;
    private static final int SHORTEST = HEADER + 2 + Integer.BYTES;

    /** The values of the field for the compression. */
    private static final int PLAIN = 0;

    private static final int ZSTD = 1;

    /** The largest manifest or node in bytes, packed or not; the largest that Orbax writes is a fifth of it. */
    private static final int LARGEST = 512 << 20;

    private final String label;
    private final int magic;

    Envelope(String label, int magic) {
        this.label = label;
        this.magic = magic;
    }

    /**
     * Opens an envelope, after a check of its checksum.
     *
     * @param most the largest size in bytes of the decompressed body
     */
    BodyInput open(StoredValue value, int most) throws IOException {
        String name = value.name();
        ByteBuffer bytes = value.read(LARGEST).order(ByteOrder.BIG_ENDIAN);
        if (bytes.remaining() < SHORTEST || bytes.getInt(0) != magic) {
            throw error(name, "it does not start as one", String.format("the magic number 0x%08x", magic));
        }
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        long length = bytes.getLong(Integer.BYTES);
        if (length != bytes.remaining()) {
            throw error(
                    name, "a length of " + Long.toUnsignedString(length), bytes.remaining() + ", the bytes there are");
        }
        int end = bytes.limit() - Integer.BYTES;
        CRC32C actual = new CRC32C();
        actual.update(bytes.slice(0, end));
        if ((int) actual.getValue() != bytes.getInt(end)) {
            throw error(name, "the CRC-32C does not match", "an undamaged file");
        }
        BodyInput header = new BodyInput(name, bytes.slice(HEADER, end - HEADER));
        if (header.varint("the version") != 0) {
            throw error(name, "a version that is not known", "version 0");
        }
        int compression = header.number("the compression", Integer.MAX_VALUE);
        ByteBuffer body = header.rest();
        return switch (compression) {
            case PLAIN -> new BodyInput(name, plain(name, body, most));
            case ZSTD -> new BodyInput(name, Zstandard.unpackAtMost(name, body, Math.min(most, LARGEST)));
            default -> throw error(name, "compression " + compression, "none (0) or zstd (1)");
        };
    }

    private ByteBuffer plain(String name, ByteBuffer body, int most) throws CheckpointException {
        if (body.remaining() > most) {
            throw error(name, "a body of " + body.remaining() + " bytes", "at most " + most);
        }
        return body;
    }

    private CheckpointException error(String name, String problem, String expectation) {
        return new CheckpointException(
                name + ": not an intact " + label + " of an OCDBT database, " + problem + ": expected " + expectation);
    }
}
