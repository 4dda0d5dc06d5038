package io.portolan.graphs.training;

import io.portolan.checkpoints.ArrayData;
import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.CheckpointArrays;
import io.portolan.graphs.layers.Mode;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.model.SimpleCssm;
import io.portolan.graphs.ops.Gradients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A model in training: its weights, the optimiser's state and the steps that change them. Owns native memory until
 * closed. Not for use by several threads.
 */
public final class TrainingSession implements AutoCloseable {
    /** Consecutive steps that may be skipped because a gradient is not finite; the next one is applied all the same. */
    private static final int MAX_CONSECUTIVE_SKIPS = 5;

    private final Graph graph = new Graph();
    private final Checkpoint start;
    private final ModelConfig config;
    private final Shape inputShape;
    private final Operand<TFloat32> images;
    private final Operand<TInt32> labels;
    private final TrainableWeights weights;
    private final Operand<TFloat32> trainingLogits;
    private final Operand<TFloat32> evaluationLogits;
    private final Objective objective;
    private final Map<String, Operand<TFloat32>> gradients;
    private final Operand<TFloat32> inputGradient;
    private final OptimizerConfig optimizerConfig;
    private final AdamW optimizer;
    private final AdamW.Update update;
    private final List<Op> statisticUpdates;
    private final Session session;
    private long steps;
    private long updates;
    private int consecutiveSkips;

    /**
     * Builds the graph and loads the weights.
     *
     * @param plan how the cells are computed; {@link Plan#FUSED} is many times as fast
     * @throws io.portolan.graphs.layers.WeightsException if the checkpoint's arrays are not precisely the model's
     */
    public TrainingSession(Checkpoint start, ModelConfig config, Plan plan, OptimizerConfig optimizerConfig) {
        this.start = start;
        this.config = config;
        this.optimizerConfig = optimizerConfig;
        try {
            Ops tf = Ops.create(graph);
            SimpleCssm model = new SimpleCssm(config, plan);
            CheckpointArrays arrays = new CheckpointArrays(start);
            inputShape = model.inputShape();
            images = tf.withName("images").placeholder(TFloat32.class, Placeholder.shape(inputShape));
            labels = tf.withName("labels").placeholder(TInt32.class, Placeholder.shape(Shape.of(Shape.UNKNOWN_SIZE)));
            weights = new TrainableWeights(tf, arrays);
            ModuleScope training = ModuleScope.root(tf.withSubScope("training"), weights, Mode.TRAINING);
            trainingLogits = model.logits(training, images);
            evaluationLogits =
                    model.logits(ModuleScope.root(tf.withSubScope("evaluation"), weights, Mode.EVALUATION), images);
            arrays.requireAllUsed();

            objective = Objective.of(tf, trainingLogits, labels, config.classes(), optimizerConfig.labelSmoothing());
            List<Operand<TFloat32>> sources = new ArrayList<>();
            weights.parameters().values().forEach(variable -> sources.add(variable.value()));
            sources.add(images);
            List<Operand<TFloat32>> derivatives = Gradients.of(graph, objective.loss(), sources);
            gradients = new LinkedHashMap<>();
            weights.parameters().keySet().forEach(path -> gradients.put(path, derivatives.get(gradients.size())));
            inputGradient = derivatives.get(derivatives.size() - 1);

            optimizer = new AdamW(tf, optimizerConfig);
            update = optimizer.update(weights.parameters(), gradients);
            statisticUpdates = new ArrayList<>();
            training.newStatistics().forEach((path, value) ->
                    statisticUpdates.add(weights.statistics().get(path).assign(value)));
            session = new Session(graph);
            Map<GraphVariable, float[]> initial = weights.initialValues();
            optimizer.moments().values().forEach(moment -> initial.put(moment, moment.zeros()));
            GraphVariable.load(session, initial);
        } catch (RuntimeException failure) {
            graph.close();
            Gradients.forget(graph);
            throw failure;
        }
    }

    /**
     * One step: differentiates the loss of a batch and updates the weights.
     *
     * @param batch normalised samples one after the other, each row-major
     * @param classes the samples' labels
     */
    public StepResult step(float[] batch, int[] classes) {
        boolean forced = consecutiveSkips >= MAX_CONSECUTIVE_SKIPS;
        Session.Runner runner = session.runner();
        try (Feeds feeds = new Feeds(runner)) {
            feed(feeds, batch, classes);
            optimizer.feed(feeds, updates, forced);
            update.assignments().forEach(runner::addTarget);
            statisticUpdates.forEach(runner::addTarget);
            runner.fetch(objective.loss()).fetch(objective.accuracy()).fetch(update.norm()).fetch(update.applied());
            try (Result result = runner.run()) {
                boolean applied = ((TBool) result.get(3)).getBoolean();
                StepResult outcome = new StepResult(
                        steps, scalar(result.get(0)), scalar(result.get(1)), scalar(result.get(2)),
                        optimizerConfig.schedule().at(updates), applied);
                steps++;
                updates += applied ? 1 : 0;
                consecutiveSkips = Float.isFinite((float) outcome.gradientNorm()) ? 0 : consecutiveSkips + 1;
                return outcome;
            }
        }
    }

    /** The logits of a batch by the weights as they are, with running statistics. (B, classes), row-major. */
    public float[] logits(float[] batch) {
        Session.Runner runner = session.runner().fetch(evaluationLogits);
        try (Feeds feeds = new Feeds(runner)) {
            feeds.floats(images, batchShape(batch), batch);
            try (Result result = runner.run()) {
                return floats(result.get(0));
            }
        }
    }

    /**
     * Differentiates the loss of a batch and changes nothing.
     *
     * @return the loss, the training-mode logits, and the loss's gradient by the input and by each parameter
     */
    public LossGradients differentiate(float[] batch, int[] classes) {
        Session.Runner runner = session.runner();
        try (Feeds feeds = new Feeds(runner)) {
            feed(feeds, batch, classes);
            runner.fetch(objective.loss()).fetch(trainingLogits).fetch(inputGradient);
            gradients.values().forEach(runner::fetch);
            try (Result result = runner.run()) {
                Map<String, float[]> byPath = new LinkedHashMap<>();
                gradients.keySet().forEach(path -> byPath.put(path, floats(result.get(3 + byPath.size()))));
                return new LossGradients(scalar(result.get(0)), floats(result.get(1)), floats(result.get(2)), byPath);
            }
        }
    }

    /** The weights and statistics as they are, in the starting checkpoint's order. */
    public Checkpoint checkpoint(OptionalLong epoch) {
        return new Checkpoint(
                inOrderOf(start.parameters(), GraphVariable.save(session, weights.parameters())),
                inOrderOf(start.batchStatistics(), GraphVariable.save(session, weights.statistics())),
                epoch,
                OptionalLong.of(steps),
                start.metadata());
    }

    private static ParameterTree inOrderOf(ParameterTree order, Map<String, ArrayData> values) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        order.arrays().keySet().forEach(path -> arrays.put(path, values.get(path)));
        return ParameterTree.of(arrays);
    }

    private void feed(Feeds feeds, float[] batch, int[] classes) {
        feeds.floats(images, batchShape(batch), batch);
        feeds.integers(labels, classes);
    }

    private Shape batchShape(float[] batch) {
        long size = inputShape.tail().size();
        if (batch.length % size != 0) {
            throw new IllegalArgumentException(batch.length + " numbers are no whole samples of " + size + " each");
        }
        return inputShape.tail().prepend(batch.length / size);
    }

    private static double scalar(Tensor tensor) {
        return ((TFloat32) tensor).getFloat();
    }

    private static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        ((TFloat32) tensor).copyTo(DataBuffers.of(values, false, false));
        return values;
    }

    @Override
    public void close() {
        session.close();
        graph.close();
        Gradients.forget(graph);
    }
}
