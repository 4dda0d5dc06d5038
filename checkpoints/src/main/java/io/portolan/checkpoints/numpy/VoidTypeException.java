package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.values.CheckpointException;

/** Elements of a type that the file does not state, and that {@link VoidTypes} do not give. */
public final class VoidTypeException extends CheckpointException {
    private static final long serialVersionUID = 1;

    private final int bytes;

    VoidTypeException(String message, int bytes) {
        super(message);
        this.bytes = bytes;
    }

    /** The size of an element in bytes. */
    public int bytes() {
        return bytes;
    }
}
