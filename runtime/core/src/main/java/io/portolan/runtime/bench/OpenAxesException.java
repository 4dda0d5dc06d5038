package io.portolan.runtime.bench;

/** Thrown if an input has an open axis other than the first, and no size was given for such axes. */
public final class OpenAxesException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    OpenAxesException(String message) {
        super(message);
    }
}
