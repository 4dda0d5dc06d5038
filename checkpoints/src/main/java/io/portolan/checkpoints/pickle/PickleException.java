package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.CheckpointException;

/** Thrown if a pickle is damaged, not supported or refused; the message names the byte and the opcode. */
public final class PickleException extends CheckpointException {
    private static final long serialVersionUID = 1L;

    PickleException(String message) {
        super(message);
    }
}
