package io.portolan.checkpoints.pickle;

import java.nio.ByteBuffer;

/**
 * Reads Python pickles of protocol 0 to 5 without executing anything: the machine knows containers and a closed table of
 * constructors of arrays and records, and refuses every other global where the pickle names it.
 */
public final class PickleReader {
    private PickleReader() {
    }

    /**
     * The value in a pickle, as unmodifiable plain values: {@code null}, {@link Boolean}, {@link Long},
     * {@link java.math.BigInteger}, {@link Double}, {@link String}, {@link io.portolan.checkpoints.ArrayData} (numpy scalars
     * have rank 0, bytes are uint8 of rank 1), {@link java.util.List}, {@link java.util.Map} in the order of the file and
     * {@link io.portolan.checkpoints.InertObject}.
     * Row-major little-endian arrays are slices of {@code bytes}, which must not change afterwards.
     *
     * @param name what errors call the file
     * @throws PickleException if the bytes are no intact pickle, name a refused global or exceed the budget
     */
    public static Object read(String name, ByteBuffer bytes, Budget budget) throws PickleException {
        return new Machine(name, new PickleInput(bytes), budget, false).run();
    }

    /**
     * Like {@link #read(String, ByteBuffer, Budget)}, but a global that is not known becomes an opaque
     * {@link io.portolan.checkpoints.InertObject}. It is executed no more than any other.
     */
    public static Object readLeniently(String name, ByteBuffer bytes, Budget budget) throws PickleException {
        return new Machine(name, new PickleInput(bytes), budget, true).run();
    }

    /** Like {@link #read(String, ByteBuffer, Budget)}, with the defaults for the number of bytes. */
    public static Object read(String name, ByteBuffer bytes) throws PickleException {
        return read(name, bytes, Budget.forFile(bytes.remaining()));
    }
}
