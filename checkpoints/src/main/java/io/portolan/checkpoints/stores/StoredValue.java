package io.portolan.checkpoints.stores;

import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a value in a {@link Store}. Nothing of them is in memory before it is read. */
public interface StoredValue {
    /** The value's name in errors: store and key. */
    String name();

    /** Its length in bytes. */
    long size();

    /**
     * Reads some of the bytes, which must not change afterwards.
     *
     * @throws CheckpointException if the value does not have them
     */
    ByteBuffer read(long offset, int length) throws IOException;

    /**
     * Reads all bytes.
     *
     * @param longest the largest size that is expected
     * @throws CheckpointException if there are more
     */
    default ByteBuffer read(int longest) throws IOException {
        if (size() > longest) {
            throw new CheckpointException(name() + ": " + size() + " bytes: expected at most " + longest);
        }
        return read(0, (int) size());
    }

    /**
     * A part of this value, as a value of its own.
     *
     * @param partName the part's name in errors
     * @throws CheckpointException if it is not within this value
     */
    default StoredValue part(String partName, long offset, long length) throws CheckpointException {
        requireWithin(partName, offset, length);
        StoredValue whole = this;
        return new StoredValue() {
            @Override
            public String name() {
                return partName;
            }

            @Override
            public long size() {
                return length;
            }

            @Override
            public ByteBuffer read(long start, int count) throws IOException {
                requireWithin(partName, start, count);
                return whole.read(offset + start, count);
            }
        };
    }

    /**
     * Requires a range to be within this value.
     *
     * @param reader the name in errors of what reads it
     */
    default void requireWithin(String reader, long offset, long length) throws CheckpointException {
        if (offset < 0 || length < 0 || offset > size() - length) {
            throw new CheckpointException(reader + ": " + Long.toUnsignedString(length) + " bytes at byte "
                    + Long.toUnsignedString(offset) + " of " + size() + ": expected them within " + name()
                    + "; it may be cut short");
        }
    }
}
