package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.stores.StoredValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** How the elements of a chunk are stored. */
interface ArrayCodec {

    /**
     * The elements of a chunk, row-major and little-endian.
     *
     * @param shape the shape of the chunk, whose elements take fewer than 2 GiB
     * @param used how much of it along each axis, from the start, lies within the array; the rest does not matter
     * @throws io.portolan.checkpoints.values.CheckpointException if the stored bytes are damaged or of another size
     */
    ByteBuffer decode(StoredValue stored, long[] shape, long[] used) throws IOException;

    /** The size in bytes of a stored chunk, if it does not depend on the elements. */
    OptionalInt storedBytes(long[] shape);
}
