package io.portolan.graphs.layers;

/** A checkpoint whose arrays do not fit the model that was asked for. The message names the array and what was expected. */
public class WeightsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WeightsException(String message) {
        super(message);
    }
}
