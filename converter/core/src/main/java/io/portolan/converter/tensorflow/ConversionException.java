package io.portolan.converter.tensorflow;

import java.util.Optional;

/** A TensorFlow graph cannot be converted; the message names the node, its op and what was expected. */
public class ConversionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What the caller can do about a failure, where that is known. */
    public enum Remedy {
        /** Name the tensors that are the outputs. */
        NAME_OUTPUTS,
        /** Choose another signature of the SavedModel. */
        CHOOSE_SIGNATURE,
        /** Give inputs a shape. */
        GIVE_SHAPE
    }

    private final Remedy remedy;

    /** A failure that concerns the graph as a whole. */
    public ConversionException(String message) {
        this(message, (Throwable) null);
    }

    /** A failure that concerns the graph as a whole, and what to do about it. */
    public ConversionException(String message, Remedy remedy) {
        this(message, remedy, null);
    }

    /** A failure with its remedy, and where it came from. */
    public ConversionException(String message, Remedy remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** A failure that concerns the graph as a whole, and where it came from. */
    public ConversionException(String message, Throwable cause) {
        this(message, null, cause);
    }

    /** A failure at one node. */
    public ConversionException(String node, String op, String message, Throwable cause) {
        this("Node " + node + " (" + op + "): " + message, null, cause);
    }

    /** What the caller can do; empty if nothing but to change the graph. */
    public Optional<Remedy> remedy() {
        return Optional.ofNullable(remedy);
    }
}
