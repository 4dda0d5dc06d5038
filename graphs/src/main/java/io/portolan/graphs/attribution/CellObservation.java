package io.portolan.graphs.attribution;

import java.util.List;
import java.util.Map;

/**
 * The gates and states of a cell for one sample.
 *
 * @param gates the values of each gate by name: for every step, a plane over frequencies (H, F)
 * @param states for every state, in the order of the cell's notation, and every step, the mean over channels of
 *     {@code |state|} in space (H, W), before the output gate
 */
public record CellObservation(Map<String, List<Plane>> gates, List<List<Plane>> states) {}
