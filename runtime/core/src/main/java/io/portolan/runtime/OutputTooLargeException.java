package io.portolan.runtime;

/** Thrown if the outputs of a run exceed the limit or the available memory. The message is one line. */
public final class OutputTooLargeException extends ModelException {
    OutputTooLargeException(String message) {
        // No stack trace: the limit is the caller's, and the exception may be frequent.
        super(message, false);
    }
}
