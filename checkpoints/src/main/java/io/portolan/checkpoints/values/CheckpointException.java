package io.portolan.checkpoints.values;

import java.io.IOException;

/** Thrown if a file is not a valid checkpoint. The message names the file, the position and what was expected. */
public class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
