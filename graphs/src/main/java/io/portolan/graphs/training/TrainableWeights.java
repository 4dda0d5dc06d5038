package io.portolan.graphs.training;

import io.portolan.graphs.layers.CheckpointArrays;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A checkpoint's arrays as variables, shared by every model that is built with them in one graph. */
final class TrainableWeights implements Weights {
    private final Ops tf;
    private final CheckpointArrays start;
    private final Map<String, GraphVariable> parameters = new LinkedHashMap<>();
    private final Set<String> symmetric = new TreeSet<>();
    private final Map<String, GraphVariable> statistics = new LinkedHashMap<>();

    /**
     * @param tf the root of the graph
     * @param start the initial values of the variables
     */
    TrainableWeights(Ops tf, CheckpointArrays start) {
        this.tf = tf;
        this.start = start;
    }

    @Override
    public Operand<TFloat32> parameter(Ops at, String path, Initializer initializer, long... shape) {
        if (initializer instanceof Initializer.Symmetric) {
            symmetric.add(path);
        }
        return parameters
                .computeIfAbsent(path, missing -> {
                    start.parameter(path, shape);
                    return new GraphVariable(tf, "params/" + path, shape);
                })
                .value();
    }

    @Override
    public Operand<TFloat32> statistic(Ops at, String path, long... shape) {
        return statistics
                .computeIfAbsent(path, missing -> {
                    start.statistic(path, shape);
                    return new GraphVariable(tf, "batch_stats/" + path, shape);
                })
                .value();
    }

    /** The trainable variables by path, in the order in which the model requested them. */
    Map<String, GraphVariable> parameters() {
        return parameters;
    }

    /** The paths of kernels that are the same with their channels exchanged, and are to stay so. */
    Set<String> symmetric() {
        return symmetric;
    }

    /** The running statistics by path. */
    Map<String, GraphVariable> statistics() {
        return statistics;
    }

    /** The initial value of every variable. */
    Map<GraphVariable, float[]> initialValues() {
        Map<GraphVariable, float[]> values = new LinkedHashMap<>();
        parameters.forEach((path, variable) ->
                values.put(variable, start.parameter(path, variable.shape()).toFloats()));
        statistics.forEach((path, variable) ->
                values.put(variable, start.statistic(path, variable.shape()).toFloats()));
        return values;
    }
}
