package io.portolan.graphs.training;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.WeightsException;
import io.portolan.graphs.ops.Precision;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * A model in training: its weights, the optimiser's state, and the steps that update them. It owns native memory until
 * it is closed, and is not safe for use by several threads.
 */
public final class TrainingSession implements AutoCloseable {
    /**
     * Number of consecutive steps that may be skipped because a gradient is not finite; the next one is applied
     * nevertheless.
     */
    static final int MAX_CONSECUTIVE_SKIPS = 5;

    private final Checkpoint start;
    private final ModelConfig config;
    private final Plan plan;
    private final Precision precision;
    private final OptimizerConfig optimizerConfig;
    private final Device device;
    private final TrainingGraph graph;
    private final Session session;
    /** Where gradients are computed, if not in the session. */
    private final Optional<Replicas> replicas;

    private long steps;
    private long updates;
    private int consecutiveSkips;

    /** Creates a session in single precision on {@link Device#AUTO}. */
    public TrainingSession(Checkpoint start, ModelConfig config, Plan plan, OptimizerConfig optimizerConfig) {
        this(start, config, plan, Precision.SINGLE, optimizerConfig, Device.AUTO);
    }

    /**
     * Builds the graph and loads the weights.
     *
     * @param plan how the cells are computed; {@link Plan#FUSED} is many times faster
     * @param precision precision of the steps; weights, the optimiser's state and evaluations are always float32
     * @throws WeightsException if the checkpoint's arrays are not exactly those of the model
     * @throws DeviceException if there is no such device, or it cannot compute in this precision
     */
    public TrainingSession(
            Checkpoint start,
            ModelConfig config,
            Plan plan,
            Precision precision,
            OptimizerConfig optimizerConfig,
            Device device) {
        this(start, config, plan, precision, optimizerConfig, Placement.on(device));
    }

    /**
     * Like the constructor for one device. On several, each computes the gradients of a share of the batch.
     *
     * @throws TrainingException if there are several devices and the model has statistics of whole batches
     */
    public TrainingSession(
            Checkpoint start,
            ModelConfig config,
            Plan plan,
            Precision precision,
            OptimizerConfig optimizerConfig,
            Placement placement) {
        if (placement.isDivided() && !start.batchStatistics().arrays().isEmpty()) {
            throw new TrainingException("the model normalises by the statistics of whole batches ("
                    + start.batchStatistics().arrays().keySet().iterator().next()
                    + ", …), which devices with a share of the batch do not have; train it on one device");
        }
        if (precision == Precision.MIXED) {
            ProcessorLimit.objectionToBfloat16(System.getenv()).ifPresent(objection -> {
                throw new DeviceException(objection);
            });
        }
        this.start = start;
        this.config = config;
        this.plan = plan;
        this.precision = precision;
        this.optimizerConfig = optimizerConfig;
        this.device = placement.device();
        this.graph = new TrainingGraph(start, config, plan, precision, optimizerConfig);
        try {
            this.session = device.open(graph.graph());
            this.replicas = placement.isDivided() ? Optional.of(new Replicas(graph, placement)) : Optional.empty();
        } catch (RuntimeException failure) {
            graph.close();
            throw failure;
        }
        load(graph.initialValues());
    }

    /**
     * Performs one step: differentiates the loss of a batch and updates the weights.
     *
     * @param batch normalised samples, concatenated, each row-major
     * @param classes the samples' labels
     */
    public StepResult step(float[] batch, int[] classes) {
        boolean forced = consecutiveSkips >= MAX_CONSECUTIVE_SKIPS;
        Session.Runner runner = session.runner();
        try (Feeds feeds = new Feeds(runner)) {
            Optional<Replica.Share> whole =
                    replicas.map(devices -> devices.differentiate(batchShape(batch), batch, classes));
            if (whole.isPresent()) {
                graph.gradients.forEach((path, gradient) -> feeds.floats(
                        gradient,
                        Shape.of(graph.variables()
                                .get(TrainingGraph.PARAMETERS + path)
                                .shape()),
                        whole.get().gradients().get(path)));
            } else {
                feed(feeds, batch, classes);
                runner.fetch(graph.objective.loss()).fetch(graph.objective.accuracy());
            }
            graph.optimizer.feed(feeds, updates, forced);
            graph.update.assignments().forEach(runner::addTarget);
            graph.otherAssignments.forEach(runner::addTarget);
            runner.fetch(graph.update.norm()).fetch(graph.update.applied());
            try (Result result = runner.run()) {
                steps++;
                int update = result.size() - 2;
                StepResult outcome = new StepResult(
                        steps,
                        whole.map(Replica.Share::loss).orElseGet(() -> scalar(result.get(0))),
                        whole.map(Replica.Share::accuracy).orElseGet(() -> scalar(result.get(1))),
                        scalar(result.get(update)),
                        optimizerConfig.schedule().at(updates),
                        ((TBool) result.get(update + 1)).getBoolean());
                updates += outcome.applied() ? 1 : 0;
                consecutiveSkips = outcome.finite() ? 0 : consecutiveSkips + 1;
                replicas.ifPresent(devices -> devices.load(parameters()));
                return outcome;
            }
        }
    }

    /** The current parameters. */
    private Map<GraphVariable, float[]> parameters() {
        Map<String, GraphVariable> trained = new LinkedHashMap<>(graph.variables());
        trained.keySet().removeIf(path -> !path.startsWith(TrainingGraph.PARAMETERS));
        Map<GraphVariable, float[]> values = new LinkedHashMap<>();
        GraphVariable.save(session, trained).forEach((path, array) -> values.put(trained.get(path), array.toFloats()));
        return values;
    }

    private void load(Map<GraphVariable, float[]> values) {
        GraphVariable.load(session, values);
        replicas.ifPresent(devices -> devices.load(values));
    }

    /**
     * The logits of a batch in evaluation mode, (B, classes), row-major: with running statistics, and with the averaged
     * parameters if averages are kept.
     */
    public float[] logits(float[] batch) {
        Session.Runner runner = session.runner().fetch(graph.evaluationLogits);
        try (Feeds feeds = new Feeds(runner)) {
            feeds.floats(graph.images, batchShape(batch), batch);
            try (Result result = runner.run()) {
                return floats(result.get(0));
            }
        }
    }

    /**
     * Differentiates the loss of a batch without updating the weights.
     *
     * @return the loss, the logits in training mode, and the gradients of the loss by the input and by each parameter
     */
    public LossGradients differentiate(float[] batch, int[] classes) {
        Session.Runner runner = session.runner();
        try (Feeds feeds = new Feeds(runner)) {
            feed(feeds, batch, classes);
            runner.fetch(graph.objective.loss()).fetch(graph.trainingLogits).fetch(graph.inputGradient);
            graph.gradients.values().forEach(runner::fetch);
            try (Result result = runner.run()) {
                Map<String, float[]> byPath = new LinkedHashMap<>();
                graph.gradients.keySet().forEach(path -> byPath.put(path, floats(result.get(3 + byPath.size()))));
                return new LossGradients(scalar(result.get(0)), floats(result.get(1)), floats(result.get(2)), byPath);
            }
        }
    }

    /** The current weights and statistics in training, in the order of the initial checkpoint. */
    public Checkpoint checkpoint(OptionalLong epoch) {
        Checkpoint now = state().weights();
        return new Checkpoint(now.parameters(), now.batchStatistics(), epoch, now.step(), start.metadata());
    }

    Precision precision() {
        return precision;
    }

    Device device() {
        return device;
    }

    /** Whether the arithmetic needs a check: true unless the steps are computed in float32 on the CPU. */
    boolean needsProof() {
        return precision != Precision.SINGLE || device.isGpu();
    }

    /** Creates another session with the same weights on the CPU. */
    TrainingSession onProcessor(Precision other) {
        return new TrainingSession(checkpoint(OptionalLong.empty()), config, plan, other, optimizerConfig, Device.CPU);
    }

    /** Number of steps taken so far. */
    public long steps() {
        return steps;
    }

    /** The state that later steps depend on; parameters and statistics are in the order of the initial checkpoint. */
    public SessionState state() {
        Map<String, ArrayData> values = GraphVariable.save(session, graph.variables());
        Map<String, ArrayData> ordered = new LinkedHashMap<>();
        move(start.parameters(), TrainingGraph.PARAMETERS, values, ordered);
        move(start.parameters(), TrainingGraph.AVERAGES, values, ordered);
        move(start.batchStatistics(), TrainingGraph.STATISTICS, values, ordered);
        ordered.putAll(values);
        return new SessionState(ordered, new SessionState.Counters(steps, updates, consecutiveSkips));
    }

    /**
     * Restores the state of a session of the same model and optimiser.
     *
     * @throws WeightsException if the state does not match the model and the optimiser
     */
    public void restore(SessionState state) {
        if (!state.arrays().keySet().equals(graph.variables().keySet())) {
            throw new WeightsException("the arrays of the training state are not those of this model and optimiser");
        }
        Map<GraphVariable, float[]> values = new LinkedHashMap<>();
        graph.variables().forEach((path, variable) -> {
            ArrayData array = state.arrays().get(path);
            if (!Arrays.equals(array.shape(), variable.shape())) {
                throw new WeightsException("the training state has '" + path + "' as " + array + "; expected float32 "
                        + Arrays.toString(variable.shape()));
            }
            values.put(variable, array.toFloats());
        });
        load(values);
        steps = state.counters().steps();
        updates = state.counters().updates();
        consecutiveSkips = state.counters().consecutiveSkips();
    }

    private static void move(
            ParameterTree order, String prefix, Map<String, ArrayData> from, Map<String, ArrayData> to) {
        order.arrays().keySet().forEach(path -> {
            ArrayData array = from.remove(prefix + path);
            if (array != null) {
                to.put(prefix + path, array);
            }
        });
    }

    private void feed(Feeds feeds, float[] batch, int[] classes) {
        feeds.floats(graph.images, batchShape(batch), batch);
        feeds.integers(graph.labels, classes);
    }

    private Shape batchShape(float[] batch) {
        long size = graph.inputShape.tail().size();
        if (batch.length % size != 0) {
            throw new IllegalArgumentException(
                    batch.length + " values are not a whole number of samples of " + size + " each");
        }
        return graph.inputShape.tail().prepend(batch.length / size);
    }

    static double scalar(Tensor tensor) {
        return ((TFloat32) tensor).getFloat();
    }

    static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        ((TFloat32) tensor).copyTo(DataBuffers.of(values, false, false));
        return values;
    }

    @Override
    public void close() {
        replicas.ifPresent(Replicas::close);
        session.close();
        graph.close();
    }
}
