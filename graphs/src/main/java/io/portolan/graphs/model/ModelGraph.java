package io.portolan.graphs.model;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.CheckpointArrays;
import io.portolan.graphs.layers.FrozenWeights;
import io.portolan.graphs.layers.Mode;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.ops.CpuSession;
import io.portolan.graphs.ops.Gradients;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * A checkpoint's model as a TensorFlow graph with frozen weights, ready to run and to export. It owns native memory
 * until it is closed.
 */
public final class ModelGraph implements AutoCloseable {
    /** Name of the placeholder op. */
    public static final String INPUT = "input";
    /** Name of the op that yields the logits. */
    public static final String LOGITS = "logits";

    private final Graph graph;
    private final Session session;
    private final ModuleScope scope;
    private final Operand<TFloat32> input;
    private final Map<String, Operand<TFloat32>> parameters;
    private final Map<String, Operand<TFloat32>> outputs;
    private final Shape inputShape;
    private final Shape sampleShape;

    private ModelGraph(
            Graph graph,
            ModuleScope scope,
            Operand<TFloat32> input,
            Map<String, Operand<TFloat32>> parameters,
            Map<String, Operand<TFloat32>> outputs,
            Shape inputShape,
            Shape sampleShape) {
        this.graph = graph;
        this.session = CpuSession.unoptimized(graph);
        this.scope = scope;
        this.input = input;
        this.parameters = parameters;
        this.outputs = outputs;
        this.inputShape = inputShape;
        this.sampleShape = sampleShape;
    }

    /**
     * Builds the graph.
     *
     * @throws io.portolan.graphs.layers.WeightsException if the checkpoint's arrays are not exactly those of the model
     */
    public static ModelGraph build(Checkpoint checkpoint, ModelConfig config, Plan plan) {
        return build(checkpoint, config, plan, TimeForm.UNROLLED);
    }

    /**
     * Builds the graph.
     *
     * @param time how the fused plan iterates over time
     * @throws io.portolan.graphs.layers.WeightsException if the checkpoint's arrays are not exactly those of the model
     * @throws IllegalArgumentException if the number of frames is open, but this model cannot take an open number
     */
    public static ModelGraph build(Checkpoint checkpoint, ModelConfig config, Plan plan, TimeForm time) {
        Graph graph = new Graph();
        try {
            Ops tf = Ops.create(graph);
            Model model = Model.of(config, plan, time);
            CheckpointArrays arrays = new CheckpointArrays(checkpoint);
            FrozenWeights weights = new FrozenWeights(arrays);
            ModuleScope scope = ModuleScope.root(tf, weights, Mode.EVALUATION);
            Placeholder<TFloat32> input =
                    tf.withName(INPUT).placeholder(TFloat32.class, Placeholder.shape(model.inputShape()));
            Operand<TFloat32> logits = tf.withName(LOGITS).identity(model.logits(scope, input));
            arrays.requireAllUsed();

            Map<String, Operand<TFloat32>> outputs = new LinkedHashMap<>(scope.outputs());
            outputs.put(LOGITS, logits);
            return new ModelGraph(
                    graph,
                    scope,
                    input,
                    weights.parameters(),
                    outputs,
                    model.inputShape(),
                    Shape.of(config.input().sampleShape()));
        } catch (RuntimeException failure) {
            graph.close();
            Gradients.forget(graph);
            throw failure;
        }
    }

    /** The graph for export. */
    public GraphDef toGraphDef() {
        return graph.toGraphDef();
    }

    /**
     * The tensors that can be fetched, in order of computation: the outputs of the modules by path, such as {@code
     * cssm_0}, and {@link #LOGITS} last. The values are tensor names in the graph.
     */
    public Map<String, String> outputTensors() {
        Map<String, String> names = new LinkedHashMap<>();
        outputs.forEach((path, operand) ->
                names.put(path, operand.op().name() + ":" + operand.asOutput().index()));
        return names;
    }

    /**
     * The scope for extending the graph with further ops over the model's weights. Such ops add nothing to {@link
     * #outputs}.
     */
    public ModuleScope scope() {
        return scope;
    }

    /** The graph, for building gradients. */
    public Graph graph() {
        return graph;
    }

    /** The placeholder of the images or videos. */
    public Operand<TFloat32> input() {
        return input;
    }

    /** The trainable arrays, by path. */
    public Map<String, Operand<TFloat32>> parameters() {
        return parameters;
    }

    /** The tensors of {@link #outputTensors}. */
    public Map<String, Operand<TFloat32>> outputs() {
        return outputs;
    }

    Shape inputShape() {
        return inputShape;
    }

    Shape logitsShape() {
        return outputs.get(LOGITS).shape();
    }

    /** Number of values in one input sample, with as many frames as the configuration says. */
    public int sampleSize() {
        return Math.toIntExact(sampleShape.size());
    }

    /**
     * Runs the model.
     *
     * @param input the samples, concatenated, each row-major
     * @param outputNames any of {@link #outputTensors}
     * @return the values of each output by name, row-major
     */
    public Map<String, float[]> run(float[] input, List<String> outputNames) {
        List<float[]> fetched =
                run(input, Map.of(), outputNames.stream().map(outputs::get).toList());
        Map<String, float[]> values = new LinkedHashMap<>();
        for (int i = 0; i < outputNames.size(); i++) {
            values.put(outputNames.get(i), fetched.get(i));
        }
        return values;
    }

    /**
     * Runs ops that were added to the model's graph.
     *
     * @param input the samples, concatenated, each row-major
     * @param others the values of other placeholders, each of a known shape
     * @param fetches tensors of the graph
     * @return the values of each, row-major
     */
    public List<float[]> run(float[] input, Map<Operand<TFloat32>, float[]> others, List<Operand<TFloat32>> fetches) {
        int batch = input.length / sampleSize();
        if (batch * sampleSize() != input.length) {
            throw new IllegalArgumentException(
                    input.length + " values are not a whole number of samples of " + sampleSize() + " each");
        }
        Session.Runner runner = session.runner();
        List<TFloat32> fed = new ArrayList<>();
        try {
            feed(runner, fed, this.input, sampleShape.prepend(batch), input);
            others.forEach((placeholder, values) -> feed(runner, fed, placeholder, placeholder.shape(), values));
            fetches.forEach(runner::fetch);
            try (Result result = runner.run()) {
                return IntStream.range(0, fetches.size())
                        .mapToObj(i -> toFloats((TFloat32) result.get(i)))
                        .toList();
            }
        } finally {
            fed.forEach(TFloat32::close);
        }
    }

    private static void feed(
            Session.Runner runner, List<TFloat32> fed, Operand<TFloat32> placeholder, Shape shape, float[] values) {
        TFloat32 tensor = TFloat32.tensorOf(shape, DataBuffers.of(values, true, false));
        fed.add(tensor);
        runner.feed(placeholder, tensor);
    }

    private static float[] toFloats(TFloat32 tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        tensor.copyTo(DataBuffers.of(values, false, false));
        return values;
    }

    @Override
    public void close() {
        session.close();
        graph.close();
        Gradients.forget(graph);
    }
}
