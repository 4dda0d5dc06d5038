package io.portolan.runtime;

/** A run was asked for more than was allowed, or than there is memory for. The message is one line. */
public final class OutputTooLargeException extends ModelException {
    OutputTooLargeException(String message) {
        // No stack trace: it is the caller's limit, and there may be many.
        super(message, false);
    }
}
