package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.stores.MemoryValue;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.ByteRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;

/**
 * Elements as another codec stores them, then compressed or with a checksum. The sizes before each step are known, since
 * only the last one may be a compression.
 *
 * @param elements how the elements are stored, in a known size
 * @param steps what was done to them then, in order
 */
record PackedCodec(ArrayCodec elements, List<ByteCodec> steps) implements ArrayCodec {

    @Override
    public ByteBuffer decode(StoredValue stored, long[] shape, long[] used) throws IOException {
        int[] sizes = new int[steps.size()];
        sizes[0] = elements.storedBytes(shape).orElseThrow();
        for (int i = 1; i < sizes.length; i++) {
            sizes[i] = steps.get(i - 1).storedBytes(sizes[i - 1]);
        }
        ByteBuffer bytes = stored.read(ByteRegion.LONGEST_BUFFER);
        for (int i = sizes.length - 1; i >= 0; i--) {
            bytes = steps.get(i).decode(stored.name(), bytes, sizes[i]);
        }
        return elements.decode(new MemoryValue(stored.name(), bytes), shape, used);
    }

    @Override
    public OptionalInt storedBytes(long[] shape) {
        OptionalInt size = elements.storedBytes(shape);
        for (ByteCodec step : steps) {
            size = size.isPresent() && step.isSizeFixed()
                    ? OptionalInt.of(step.storedBytes(size.getAsInt()))
                    : OptionalInt.empty();
        }
        return size;
    }
}
