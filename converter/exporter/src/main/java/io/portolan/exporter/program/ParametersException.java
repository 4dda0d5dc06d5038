package io.portolan.exporter.program;

/** Thrown when a checkpoint does not hold the arrays that a program takes; the message names those that do not fit. */
public final class ParametersException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ParametersException(String message) {
        super(message);
    }
}
