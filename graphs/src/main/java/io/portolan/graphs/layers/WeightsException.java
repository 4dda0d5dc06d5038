package io.portolan.graphs.layers;

/**
 * Thrown if a checkpoint's arrays do not fit the requested model. The message names the array and what was expected.
 */
public class WeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WeightsException(String message) {
        super(message);
    }
}
