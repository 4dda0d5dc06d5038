package io.portolan.converter.tensorflow;

import java.util.Optional;

/** Thrown when a TensorFlow graph cannot be converted; the message names the node, its op and what was expected. */
public class ConversionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A remedy for the caller, if one is known. */
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

    /** A failure that concerns the graph as a whole, with its remedy. */
    public ConversionException(String message, Remedy remedy) {
        this(message, remedy, null);
    }

    /** A failure with its remedy and cause. */
    public ConversionException(String message, Remedy remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** A failure that concerns the graph as a whole, with its cause. */
    public ConversionException(String message, Throwable cause) {
        this(message, null, cause);
    }

    /** A failure at one node. */
    public ConversionException(String node, String op, String message, Throwable cause) {
        this("Node " + node + " (" + op + "): " + message, null, cause);
    }

    /** The remedy for the caller; empty if none is known but to change the graph. */
    public Optional<Remedy> remedy() {
        return Optional.ofNullable(remedy);
    }
}
