package io.portolan.graphs.data.error;

import java.io.IOException;

/**
 * Thrown if a data set is malformed. The message is one line that names the file, the position and what was expected.
 */
public class DatasetException extends IOException {
    private static final long serialVersionUID = 1L;

    public DatasetException(String message) {
        super(message);
    }

    public DatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
