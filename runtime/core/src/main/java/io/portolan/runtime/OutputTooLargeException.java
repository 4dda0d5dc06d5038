package io.portolan.runtime;

/** A run was asked for more than was allowed. The message is one line. */
public final class OutputTooLargeException extends RuntimeException {
    OutputTooLargeException(String message) {
        // No stack trace: it is the caller's limit, and there may be many.
        super(message, null, false, false);
    }
}
