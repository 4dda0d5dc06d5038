package io.portolan.graphs.attribution;

import io.portolan.graphs.cells.CellTrace;
import io.portolan.graphs.cells.FeatureMap;
import io.portolan.graphs.model.ModelGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Reads the values of a cell's gates. */
final class GateProbe {
    private final ModelGraph model;
    private final Ops tf;
    private final FeatureMap map;
    private final List<String> atFrequencies;
    private final List<String> inSpace;
    /** Built once, because each new list of fetches costs a pass over the graph. */
    private final List<Operand<TFloat32>> fetches = new ArrayList<>();

    /** For every step a plane, by gate; see {@link CellObservation}. */
    record Values(Map<String, List<Plane>> atFrequencies, Map<String, List<Plane>> inSpace) {}

    GateProbe(ModelGraph model, CellTrace trace, Collection<String> gates, FeatureMap map) {
        this.model = model;
        this.tf = model.scope().tf();
        this.map = map;
        this.atFrequencies = gates.stream().filter(trace::hasGate).toList();
        this.inSpace = gates.stream().filter(trace::hasGateInSpace).toList();
        atFrequencies.forEach(
                gate -> fetches.add(spread(tf.math.mean(trace.gate(gate), tf.constant(2)), map.halfWidth())));
        inSpace.forEach(
                gate -> fetches.add(spread(tf.math.mean(trace.gateInSpace(gate), tf.constant(-1)), map.width())));
    }

    /** {@code (B, T or 1, H or 1, columns or 1)} to {@code (B, T, H, columns)}. */
    private Operand<TFloat32> spread(Operand<TFloat32> gate, int columns) {
        int[] shape = {1, map.steps(), map.height(), columns};
        return tf.math.add(gate, tf.zeros(tf.constant(shape), TFloat32.class));
    }

    Values of(float[] sample) {
        List<float[]> values = fetches.isEmpty() ? List.of() : model.run(sample, Map.of(), fetches);
        int count = atFrequencies.size();
        return new Values(
                planes(atFrequencies, values.subList(0, count), map.halfWidth()),
                planes(inSpace, values.subList(count, values.size()), map.width()));
    }

    private Map<String, List<Plane>> planes(List<String> gates, List<float[]> values, int columns) {
        Map<String, List<Plane>> byGate = new LinkedHashMap<>();
        for (int i = 0; i < gates.size(); i++) {
            byGate.put(gates.get(i), Plane.split(values.get(i), map.height(), columns));
        }
        return byGate;
    }
}
