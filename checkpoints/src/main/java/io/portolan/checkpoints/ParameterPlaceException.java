package io.portolan.checkpoints;

import io.portolan.checkpoints.values.CheckpointException;
import java.util.List;

/**
 * Thrown if the place of the parameters must be given, because several are possible, none was found, or the requested
 * one does not exist.
 */
public final class ParameterPlaceException extends CheckpointException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> places;

    ParameterPlaceException(String message, List<String> places) {
        super(message);
        this.places = List.copyOf(places);
    }

    /** The places to choose from, as {@link ReadOptions#withParametersAt} takes them; empty if none is known. */
    public List<String> places() {
        return places;
    }
}
