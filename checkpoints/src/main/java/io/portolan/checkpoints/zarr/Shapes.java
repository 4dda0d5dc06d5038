package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.numpy.ArrayLayout;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.util.Arrays;
import java.util.Optional;

/** Shapes in metadata, whose sizes are checked before anything of them is used. */
final class Shapes {
    /** The longest chunk in bytes, so that a checksum behind it still fits a buffer. */
    private static final long LARGEST_CHUNK = ByteRegion.LONGEST_BUFFER - Integer.BYTES;

    private Shapes() {}

    /** The shape of an array. */
    static long[] array(JsonDocument json, String member, Object value, ElementType type) throws CheckpointException {
        return require(json, member, value, type, Long.MAX_VALUE, "a shape of at most 63 bits of bytes");
    }

    /** The shape of chunks, each of which is put together in one buffer. */
    static long[] chunk(JsonDocument json, String member, Object value, ElementType type) throws CheckpointException {
        return require(
                json,
                member,
                value,
                type,
                LARGEST_CHUNK,
                "chunks below 2 GiB; in Python, save with a smaller chunk_byte_size (orbax.checkpoint.SaveArgs)");
    }

    private static long[] require(
            JsonDocument json, String member, Object value, ElementType type, long largest, String expectation)
            throws CheckpointException {
        long[] shape = json.sizes(member, value);
        Optional<Long> bytes =
                shape.length > ArrayLayout.MAX_RANK ? Optional.empty() : ArrayData.countBytes(type, shape);
        if (bytes.isEmpty() || bytes.get() > largest) {
            throw json.wrong(
                    member, Arrays.toString(shape), "at most " + ArrayLayout.MAX_RANK + " axes and " + expectation);
        }
        return shape;
    }
}
