package io.portolan.graphs.attribution;

import java.util.List;
import java.util.Map;

/**
 * The gates and states of a cell for one sample; by their names or symbols, for every step a plane.
 *
 * @param gates the values of gates that act at frequencies, (H, F)
 * @param gatesInSpace the values of gates that act in space, (H, W), the mean over channels
 * @param states the mean over channels of {@code |state|} in space (H, W), before the output gate
 */
public record CellObservation(
        Map<String, List<Plane>> gates, Map<String, List<Plane>> gatesInSpace, Map<String, List<Plane>> states) {
    /** Nothing to be seen. */
    static final CellObservation NONE = new CellObservation(Map.of(), Map.of(), Map.of());

    /** Whether there are neither gates nor states. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
