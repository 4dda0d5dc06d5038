package io.portolan.converter.tensorflow;

/** A TensorFlow graph cannot be converted; the message names the node, its op and what was expected. */
public class ConversionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure that concerns the graph as a whole. */
    public ConversionException(String message) {
        super(message);
    }

    /** A failure that concerns the graph as a whole, and where it came from. */
    public ConversionException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A failure at one node. */
    public ConversionException(String node, String op, String message, Throwable cause) {
        super("Node " + node + " (" + op + "): " + message, cause);
    }
}
