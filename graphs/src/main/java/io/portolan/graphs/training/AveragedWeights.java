package io.portolan.graphs.training;

import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Exponential moving averages of the parameters: {@code average ← decay·average + (1 − decay)·parameter} with every
 * applied update, starting with the initial parameters. A model built with them uses the running statistics of the
 * training, which are already averages.
 */
final class AveragedWeights implements Weights {
    private final Ops tf;
    private final TrainableWeights trained;
    private final double decay;
    private final Map<String, GraphVariable> averages = new LinkedHashMap<>();

    /**
     * @param tf the root of the graph
     * @param trained the trained weights, after their model has been built
     */
    AveragedWeights(Ops tf, TrainableWeights trained, double decay) {
        this.tf = tf;
        this.trained = trained;
        this.decay = decay;
        trained.parameters()
                .forEach((path, parameter) ->
                        averages.put(path, new GraphVariable(tf, "average/" + path, parameter.shape())));
    }

    @Override
    public Operand<TFloat32> parameter(Ops at, String path, Initializer initializer, long... shape) {
        return averages.get(path).value();
    }

    @Override
    public Operand<TFloat32> statistic(Ops at, String path, long... shape) {
        return trained.statistic(at, path, shape);
    }

    /** The ops that update the averages with an update of the parameters. */
    List<Op> updates(AdamW.Update update) {
        List<Op> assignments = new ArrayList<>();
        averages.forEach((path, average) -> {
            Operand<TFloat32> moved = tf.math.add(
                    tf.math.mul(tf.constant((float) decay), average.value()),
                    tf.math.mul(tf.constant((float) (1 - decay)), update.next().get(path)));
            assignments.add(average.assign(tf.select(update.applied(), moved, average.value())));
        });
        return assignments;
    }

    /** The averages by path. */
    Map<String, GraphVariable> averages() {
        return averages;
    }
}
