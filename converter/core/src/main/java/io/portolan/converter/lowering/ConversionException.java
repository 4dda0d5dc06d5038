package io.portolan.converter.lowering;

import java.util.List;

/** Thrown when a TensorFlow graph cannot be converted; the message names the node, its op and what was expected. */
public class ConversionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A remedy for the caller, if one is known. */
    public enum Remedy {
        /** Name the tensors that are the outputs. */
        NAME_OUTPUTS,
        /** Choose another signature of the SavedModel. */
        CHOOSE_SIGNATURE,
        /** Choose another graph of the SavedModel, by its tags. */
        CHOOSE_TAGS,
        /** Give inputs a shape. */
        GIVE_SHAPE,
        /** Give an input a value that it always has. */
        FIX_INPUT,
        /** Give samples to compare on. */
        GIVE_SAMPLES,
        /** Leave the comparison with TensorFlow out. */
        SKIP_COMPARISON
    }

    private final List<Remedy> remedies;

    /** A failure that concerns the graph as a whole. */
    public ConversionException(String message) {
        this(message, (Throwable) null);
    }

    /** A failure that concerns the graph as a whole, with alternative remedies. */
    public ConversionException(String message, Remedy... remedies) {
        this(message, null, remedies);
    }

    /** A failure that concerns the graph as a whole, with its cause and alternative remedies. */
    public ConversionException(String message, Throwable cause, Remedy... remedies) {
        super(message, cause);
        this.remedies = List.of(remedies);
    }

    /** A failure at one node. */
    public ConversionException(String node, String op, String message, Throwable cause) {
        this("Node " + node + " (" + op + "): " + message, cause);
    }

    /** Alternative remedies for the caller; empty if none is known but to change the graph. */
    public List<Remedy> remedies() {
        return remedies;
    }
}
