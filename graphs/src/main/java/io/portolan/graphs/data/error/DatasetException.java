package io.portolan.graphs.data.error;

import java.io.IOException;

/** A data set that is not what it should be. The message is one line that names the file, the place and what was expected. */
public class DatasetException extends IOException {
    private static final long serialVersionUID = 1L;

    public DatasetException(String message) {
        super(message);
    }

    public DatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
