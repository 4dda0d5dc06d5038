package io.portolan.converter.tensorflow;

import io.portolan.converter.source.TensorFlowModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;

/** A network under construction: layers as built by TensorFlow's Python library, with random weights in variables. */
public final class Network implements AutoCloseable {
    private Graph graph = new Graph();
    private Ops tf = Ops.create(graph);
    private RawOps ops = new RawOps(graph);
    private final Random random = new Random(5);
    private final Map<String, String> inputs = new LinkedHashMap<>();
    private final Map<String, String> outputs = new LinkedHashMap<>();
    private Session session;

    Graph graph() {
        return graph;
    }

    RawOps ops() {
        return ops;
    }

    Output<?> input(String name, DataType type, long... shape) {
        inputs.put(name, name);
        return ops.placeholder(name, type, shape);
    }

    Network output(String name, Output<?> tensor) {
        outputs.put(RawOps.tensorName(tensor), name);
        return this;
    }

    Session session() {
        if (session == null) {
            session = new Session(graph);
        }
        return session;
    }

    public TensorFlowModel model() {
        session().initialize();
        return TensorFlowModel.of(session(), inputs, outputs);
    }

    /** Saves the network with its variables, under a signature. */
    public void save(Path folder, String key) throws IOException {
        session().initialize();
        SavedModelBundle.exporter(folder.toString())
                .withSession(session())
                .withSignature(signature(key))
                .export();
    }

    private Signature signature(String key) {
        Signature.Builder signature = Signature.builder(key);
        inputs.forEach((tensor, name) -> signature.input(name, graph.output(tensor + ":0")));
        outputs.forEach((tensor, name) -> signature.output(name, graph.output(tensor)));
        return signature.build();
    }

    /** A variable of normally distributed numbers. */
    Output<?> weight(double deviation, long... shape) {
        return variable(0, deviation, shape);
    }

    private Output<?> variable(double mean, double deviation, long... shape) {
        float[] values = new float[(int) Shape.of(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        // Read by a node of its own, as loops do not take references.
        return op(
                "Identity",
                tf.variable(tf.constant(Shape.of(shape), DataBuffers.of(values)))
                        .asOutput());
    }

    Output<?> op(String op, Object... given) {
        return ops.op(op, given);
    }

    Output<?> op(String op, Map<String, Object> attributes, Object... given) {
        return ops.op(op, attributes, given);
    }

    Output<?> number(double value) {
        return ops.scalar((float) value);
    }

    Output<?> dense(Output<?> x, long from, long to) {
        return op("BiasAdd", op("MatMul", x, weight(1 / Math.sqrt(from), from, to)), weight(.1, to));
    }

    /** A dense layer on the last axis of a tensor of rank 3. */
    Output<?> dense3(Output<?> x, long from, long to) {
        return op("AddV2", op("BatchMatMulV2", x, weight(1 / Math.sqrt(from), from, to)), weight(.1, to));
    }

    Output<?> conv(Output<?> x, long from, long to, long size, long stride) {
        return op(
                "Conv2D",
                Map.of("strides", new long[] {1, stride, stride, 1}, "padding", "SAME"),
                x,
                weight(1 / Math.sqrt(from * size * size), size, size, from, to));
    }

    Output<?> depthwise(Output<?> x, long channels, long stride) {
        return op(
                "DepthwiseConv2dNative",
                Map.of("strides", new long[] {1, stride, stride, 1}, "padding", "SAME"),
                x,
                weight(1 / 3., 3, 3, channels, 1));
    }

    Output<?> maxPool(Output<?> x, long size, long stride) {
        return op(
                "MaxPool",
                Map.of(
                        "ksize",
                        new long[] {1, size, size, 1},
                        "strides",
                        new long[] {1, stride, stride, 1},
                        "padding",
                        "SAME"),
                x);
    }

    Output<?> batchNorm(Output<?> x, long channels) {
        return op(
                "FusedBatchNormV3",
                Map.of("is_training", false, "epsilon", 1e-3f),
                x,
                variable(1, .1, channels),
                weight(.1, channels),
                weight(.1, channels),
                variable(1, .05, channels));
    }

    /** Batch normalisation as arithmetic of variables, with the statistics of training. */
    Output<?> batchNormByArithmetic(Output<?> x, long channels) {
        Output<?> variance = op("AddV2", variable(1, .05, channels), number(1e-3));
        Output<?> scale = op("Mul", op("Rsqrt", variance), variable(1, .1, channels));
        Output<?> shift = op("Sub", weight(.1, channels), op("Mul", weight(.1, channels), scale));
        return op("AddV2", op("Mul", x, scale), shift);
    }

    /** A convolution without padding of its own, after zeros around the image. */
    Output<?> padConv(Output<?> x, long from, long to, long size, long stride) {
        int margin = (int) size / 2;
        Output<?> padded =
                op("Pad", x, op("Reshape", ops.ints(0, 0, margin, margin, margin, margin, 0, 0), ops.ints(4, 2)));
        return op(
                "Conv2D",
                Map.of("strides", new long[] {1, stride, stride, 1}, "padding", "VALID"),
                padded,
                weight(1 / Math.sqrt(from * size * size), size, size, from, to));
    }

    Output<?> mean(Output<?> x, boolean keepDims, int... axes) {
        return op("Mean", Map.of("keep_dims", keepDims), x, ops.ints(axes));
    }

    Output<?> layerNorm(Output<?> x, long channels) {
        int last = x.shape().numDimensions() - 1;
        Output<?> mean = mean(x, true, last);
        Output<?> variance = mean(op("SquaredDifference", x, mean), true, last);
        Output<?> scale = op("Mul", op("Rsqrt", op("AddV2", variance, number(1e-6))), variable(1, .1, channels));
        return op("AddV2", op("Mul", x, scale), op("Sub", weight(.1, channels), op("Mul", mean, scale)));
    }

    Output<?> gelu(Output<?> x) {
        return op(
                "Mul",
                op("Mul", number(.5), x),
                op("AddV2", number(1), op("Erf", op("Mul", x, number(Math.sqrt(.5))))));
    }

    /**
     * Appends a loop whose variables may be lists.
     *
     * @param op While or StatelessWhile
     */
    List<Output<?>> loop(String op, List<Output<?>> initial, FunctionDef condition, FunctionDef body) {
        NodeDef.Builder node = NodeDef.newBuilder()
                .setName("loop")
                .setOp(op)
                .putAttr("cond", function(condition))
                .putAttr("body", function(body));
        AttrValue.ListValue.Builder types = AttrValue.ListValue.newBuilder();
        initial.forEach(variable -> {
            node.addInput(RawOps.tensorName(variable));
            types.addType(variable.dataType());
        });
        node.putAttr("T", AttrValue.newBuilder().setList(types).build());
        GraphDef before = graph.toGraphDef();
        Graph with = new Graph();
        with.importGraphDef(before.toBuilder()
                .addNode(node)
                .setLibrary(
                        before.getLibrary().toBuilder().addFunction(condition).addFunction(body))
                .build());
        continueIn(with);
        List<Output<?>> results = new ArrayList<>();
        for (int i = 0; i < initial.size(); i++) {
            results.add(graph.operation("loop").output(i));
        }
        return results;
    }

    private static AttrValue function(FunctionDef function) {
        return AttrValue.newBuilder()
                .setFunc(NameAttrList.newBuilder()
                        .setName(function.getSignature().getName()))
                .build();
    }

    private void continueIn(Graph other) {
        graph.close();
        graph = other;
        tf = Ops.create(graph);
        ops = new RawOps(graph, "after.", DataType.DT_FLOAT);
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
        graph.close();
    }
}
