package io.portolan.checkpoints;

import io.portolan.checkpoints.values.CheckpointException;
import java.util.List;

/** Where the parameters are has to be said: there are several places, or none, or not the one that was asked for. */
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
