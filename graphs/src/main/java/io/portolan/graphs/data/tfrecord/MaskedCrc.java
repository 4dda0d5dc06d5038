package io.portolan.graphs.data.tfrecord;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The checksum of TFRecord files: CRC-32C, masked by a rotation and an offset so that it is safe for data that contain
 * checksums.
 */
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
