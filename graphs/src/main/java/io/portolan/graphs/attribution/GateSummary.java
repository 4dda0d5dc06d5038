package io.portolan.graphs.attribution;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Notation;
import java.util.LinkedHashMap;
import java.util.Map;

/** A summary of a cell's gates by their weights only, for comparing checkpoints. */
final class GateSummary {
    private GateSummary() {}

    /**
     * For each gate {@code σ(mean kernel + mean bias)}. It leaves out the context and the range of decays, so no gate
     * ever has this value.
     */
    static Map<String, Double> of(Checkpoint checkpoint, String cell, Notation notation) {
        Map<String, Double> summary = new LinkedHashMap<>();
        notation.gates().keySet().forEach(gate -> summary.put(gate, sigmoid(meanWeight(checkpoint, cell, gate))));
        return summary;
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** The mean of a gate's kernel plus that of its bias. */
    static double meanWeight(Checkpoint checkpoint, String cell, String gate) {
        String path = cell + "/" + gate;
        return mean(checkpoint, path + "/kernel") + mean(checkpoint, path + "/bias");
    }

    private static double mean(Checkpoint checkpoint, String path) {
        float[] values = checkpoint.parameters().find(path).orElseThrow().toFloats();
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
