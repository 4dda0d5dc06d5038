package io.portolan.runtime.bench;

/** An input leaves an axis other than the first open, and no size was given for such axes. */
public final class OpenAxesException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    OpenAxesException(String message) {
        super(message);
    }
}
