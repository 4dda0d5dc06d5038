package io.portolan.graphs.attribution;

import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.ops.Gradients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** A model's logits, and the gradients of one of them, chosen in each run, by some of the model's tensors. */
final class LogitGradients {
    private final ModelGraph model;
    private final int classes;
    private final Operand<TFloat32> choice;
    /** The logits, then the gradients. All runs share one list, because each new one costs a pass over the graph. */
    private final List<Operand<TFloat32>> fetches = new ArrayList<>();

    LogitGradients(ModelGraph model, int classes, List<Operand<TFloat32>> by) {
        this(model, classes, by, UnaryOperator.identity());
    }

    /** @param made what is fetched, made of the gradients */
    LogitGradients(
            ModelGraph model, int classes, List<Operand<TFloat32>> by, UnaryOperator<List<Operand<TFloat32>>> made) {
        this.model = model;
        this.classes = classes;
        Ops tf = model.scope().tf();
        Operand<TFloat32> logits = model.outputs().get(ModelGraph.LOGITS);
        choice = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(classes)));
        Operand<TFloat32> chosen = tf.sum(tf.math.mul(logits, choice), tf.constant(new int[] {0, 1}));
        fetches.add(logits);
        fetches.addAll(made.apply(Gradients.of(model.graph(), chosen, by)));
    }

    /**
     * @param logits the logits of every sample, (B, classes)
     * @param gradients for each tensor, the gradient of the sum of the chosen logits over all samples, or what is made of them
     */
    record Values(float[] logits, List<float[]> gradients) {}

    /** @param input the samples, concatenated */
    Values of(float[] input, int chosenClass) {
        float[] oneHot = new float[classes];
        oneHot[chosenClass] = 1;
        List<float[]> values = model.run(input, Map.of(choice, oneHot), fetches);
        return new Values(values.get(0), values.subList(1, values.size()));
    }
}
