package io.portolan.checkpoints.values;

import java.io.IOException;

/** A file that is not the checkpoint it should be. The message names the file, the place in it and what was expected. */
public class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
