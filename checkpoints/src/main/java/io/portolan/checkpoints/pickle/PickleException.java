package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.CheckpointException;

/** A pickle that is damaged, not understood or refused; the message names the byte and the opcode. */
public final class PickleException extends CheckpointException {
    private static final long serialVersionUID = 1L;

    PickleException(String message) {
        super(message);
    }
}
