package io.portolan.graphs.data.tfrecord;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The checksum of TFRecord files: CRC-32C, rotated and shifted so that a checksum of data that holds checksums is sound. */
final class MaskedCrc {
    private static final int ROTATION = 15;
    private static final int MASK = 0xa282ead8;

    private MaskedCrc() {}

    static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return Integer.rotateRight((int) crc.getValue(), ROTATION) + MASK;
    }
}
