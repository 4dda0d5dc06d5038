package io.portolan.spark;

/** A row that the model cannot take. */
final class RowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RowException(String message) {
        super(message);
    }

    RowException(String message, Throwable cause) {
        super(message, cause);
    }
}
