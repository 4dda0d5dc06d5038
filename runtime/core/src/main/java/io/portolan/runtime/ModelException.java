package io.portolan.runtime;

/** A model cannot be loaded, understood or run. The message is one line: it names the file, what is wrong and what to do. */
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
