package io.portolan.checkpoints.safetensors;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Elements of four bits, two in each byte, the first one in the lower bits. */
final class PackedElements {
    private static final int PER_BYTE = 2;
    private static final int LOW = 0xf;

    private PackedElements() {}

    /**
     * An array whose elements are unpacked when they are first needed.
     *
     * @throws IllegalArgumentException if the shape does not account for every byte
     */
    static ArrayData array(ElementType type, long[] shape, ByteRegion packed) {
        long elements = ArrayData.byteCount(type, shape);
        if (elements % PER_BYTE != 0 || elements / PER_BYTE != packed.size()) {
            throw new IllegalArgumentException(
                    elements + " elements of 4 bits do not fill " + packed.size() + " bytes");
        }
        return ArrayData.deferred(type, shape, () -> unpacked(packed));
    }

    private static ByteRegion unpacked(ByteRegion packed) {
        List<ByteBuffer> parts = new ArrayList<>();
        long step = ByteRegion.LONGEST_BUFFER / PER_BYTE;
        for (long start = 0; start < packed.size(); start += step) {
            ByteBuffer from =
                    packed.slice(start, Math.min(step, packed.size() - start)).buffer();
            ByteBuffer to = ByteBuffer.allocate(from.remaining() * PER_BYTE);
            while (from.hasRemaining()) {
                byte pair = from.get();
                to.put((byte) (pair & LOW)).put((byte) (pair >> 4 & LOW));
            }
            parts.add(to.flip());
        }
        return ByteRegion.joined(parts);
    }
}
