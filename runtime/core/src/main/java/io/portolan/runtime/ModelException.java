package io.portolan.runtime;

/**
 * Thrown if a model cannot be loaded, interpreted or run. The message is one line that names the file, the problem and
 * what to do.
 */
public sealed class ModelException extends RuntimeException permits OutputTooLargeException {
    public ModelException(String message) {
        super(message);
    }

    ModelException(String message, Throwable cause) {
        super(message, cause);
    }

    ModelException(String message, boolean withStackTrace) {
        super(message, null, false, withStackTrace);
    }
}
