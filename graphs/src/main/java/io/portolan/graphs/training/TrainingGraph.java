package io.portolan.graphs.training;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.CheckpointArrays;
import io.portolan.graphs.layers.Mode;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Weights;
import io.portolan.graphs.model.Model;
import io.portolan.graphs.ops.Gradients;
import io.portolan.graphs.ops.Precision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The graph of a training session: one model built twice over the same variables, for training and for evaluation, its
 * loss, the gradients, and the ops that update every variable.
 */
final class TrainingGraph implements AutoCloseable {
    /** Prefix of the paths of the parameters. The optimiser defines those of the moments. */
    static final String PARAMETERS = "params/";

    static final String STATISTICS = "batch_stats/";
    static final String AVERAGES = "average/";

    private final Graph graph = new Graph();
    private final Map<String, GraphVariable> variables = new LinkedHashMap<>();
    private final Map<GraphVariable, float[]> initialValues;
    final Shape inputShape;
    final Operand<TFloat32> images;
    final Operand<TInt32> labels;
    final Operand<TFloat32> trainingLogits;
    final Operand<TFloat32> evaluationLogits;
    final Objective objective;
    final Map<String, Operand<TFloat32>> gradients = new LinkedHashMap<>();
    final Operand<TFloat32> inputGradient;
    final AdamW optimizer;
    final AdamW.Update update;
    /** The assignments of a step besides the optimiser's update. */
    final List<Op> otherAssignments = new ArrayList<>();

    /**
     * @throws io.portolan.graphs.layers.WeightsException if the checkpoint's arrays are not exactly those of the model
     */
    TrainingGraph(
            Checkpoint start, ModelConfig config, Plan plan, Precision precision, OptimizerConfig optimizerConfig) {
        try {
            Ops tf = Ops.create(graph);
            Model model = Model.of(config, plan);
            CheckpointArrays arrays = new CheckpointArrays(start);
            inputShape = Shape.of(config.input().sampleShape()).prepend(Shape.UNKNOWN_SIZE);
            images = tf.withName("images").placeholder(TFloat32.class, Placeholder.shape(inputShape));
            labels = tf.withName("labels").placeholder(TInt32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE)));

            TrainableWeights weights = new TrainableWeights(tf, arrays);
            ModuleScope training = ModuleScope.root(tf.withSubScope("training"), weights, Mode.TRAINING, precision);
            trainingLogits = model.logits(training, images);
            arrays.requireAllUsed();
            objective = Objective.of(tf, trainingLogits, labels, config.classes(), optimizerConfig.labelSmoothing());
            inputGradient = differentiate(weights);

            optimizer = new AdamW(tf, optimizerConfig);
            update = optimizer.update(weights.parameters(), constrained(tf, weights));
            training.newStatistics()
                    .forEach((path, value) ->
                            otherAssignments.add(weights.statistics().get(path).assign(value)));
            weights.parameters().forEach((path, variable) -> variables.put(PARAMETERS + path, variable));
            weights.statistics().forEach((path, variable) -> variables.put(STATISTICS + path, variable));
            variables.putAll(optimizer.moments());
            initialValues = weights.initialValues();
            optimizer.moments().values().forEach(moment -> initialValues.put(moment, moment.zeros()));

            Weights evaluated =
                    optimizerConfig.averaging() > 0 ? average(tf, weights, optimizerConfig.averaging()) : weights;
            evaluationLogits =
                    model.logits(ModuleScope.root(tf.withSubScope("evaluation"), evaluated, Mode.EVALUATION), images);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Stores the gradients by the parameters, and returns the gradient by the input. */
    private Operand<TFloat32> differentiate(TrainableWeights weights) {
        List<Operand<TFloat32>> sources = new ArrayList<>();
        weights.parameters().values().forEach(variable -> sources.add(variable.value()));
        sources.add(images);
        List<Operand<TFloat32>> derivatives = Gradients.of(graph, objective.loss(), sources);
        weights.parameters().keySet().forEach(path -> gradients.put(path, derivatives.get(gradients.size())));
        return derivatives.get(derivatives.size() - 1);
    }

    /** The gradients that weights with a constraint are moved by: those that keep it. */
    private Map<String, Operand<TFloat32>> constrained(Ops tf, TrainableWeights weights) {
        Map<String, Operand<TFloat32>> kept = new LinkedHashMap<>(gradients);
        weights.symmetric()
                .forEach(path -> kept.computeIfPresent(path, (same, gradient) -> {
                    Operand<TFloat32> exchanged = tf.linalg.transpose(gradient, tf.constant(new int[] {0, 1, 3, 2}));
                    return tf.math.mul(tf.constant(0.5f), tf.math.add(gradient, exchanged));
                }));
        return kept;
    }

    private Weights average(Ops tf, TrainableWeights weights, double decay) {
        AveragedWeights averaged = new AveragedWeights(tf, weights, decay);
        otherAssignments.addAll(averaged.updates(update));
        averaged.averages().forEach((path, average) -> {
            variables.put(AVERAGES + path, average);
            initialValues.put(average, initialValues.get(weights.parameters().get(path)));
        });
        return averaged;
    }

    Graph graph() {
        return graph;
    }

    /** All variables, by path. */
    Map<String, GraphVariable> variables() {
        return variables;
    }

    /** The value of every variable before the first step. */
    Map<GraphVariable, float[]> initialValues() {
        return initialValues;
    }

    @Override
    public void close() {
        graph.close();
        Gradients.forget(graph);
    }
}
