package io.portolan.converter.source.tfjs;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Writes out the ops that TensorFlow.js fuses, so that TensorFlow can run the graph: a convolution or product with what follows it, and
 * parametric rectifiers.
 */
final class FusedNodes {
    /** The attributes of the op that a fused op begins with. */
    private static final Set<String> CONVOLUTION =
            Set.of("T", "strides", "padding", "data_format", "dilations", "explicit_paddings", "use_cudnn_on_gpu");

    private static final Set<String> DEPTHWISE =
            Set.of("T", "strides", "padding", "data_format", "dilations", "explicit_paddings");
    private static final Set<String> PRODUCT = Set.of("T", "transpose_a", "transpose_b");

    /**
     * The first op of a fused op.
     *
     * @param attributes those that it takes over
     */
    private record First(String op, Set<String> attributes) {}

    private static final Map<String, First> FIRST = Map.of(
            "_FusedConv2D", new First("Conv2D", CONVOLUTION),
            "FusedDepthwiseConv2dNative", new First("DepthwiseConv2dNative", DEPTHWISE),
            "_FusedDepthwiseConv2dNative", new First("DepthwiseConv2dNative", DEPTHWISE),
            "_FusedMatMul", new First("MatMul", PRODUCT));

    private static final Set<String> ACTIVATIONS = Set.of("Relu", "Relu6", "Elu", "Sigmoid", "Tanh");

    private final GraphDef.Builder graph = GraphDef.newBuilder();

    private FusedNodes() {}

    /**
     * The graph with plain ops; results keep their names.
     *
     * @throws ConversionException if a node fuses an op that is not known
     */
    static GraphDef writtenOut(GraphDef fused) {
        FusedNodes nodes = new FusedNodes();
        nodes.graph.setLibrary(fused.getLibrary()).setVersions(fused.getVersions());
        fused.getNodeList().forEach(nodes::add);
        return nodes.graph.build();
    }

    private void add(NodeDef node) {
        if (FIRST.containsKey(node.getOp())) {
            addFused(node, FIRST.get(node.getOp()));
        } else if (node.getOp().equals("Prelu")) {
            addPrelu(node.getName(), node.getInput(0), node.getInput(1), type(node));
        } else {
            graph.addNode(node);
        }
    }

    /** The type of the operands; it is left out where TensorFlow.js has only one. */
    private static AttrValue type(NodeDef node) {
        return node.getAttrOrDefault(
                "T", AttrValue.newBuilder().setType(DataType.DT_FLOAT).build());
    }

    private void addFused(NodeDef node, First first) {
        List<String> stages = new ArrayList<>();
        node.getAttrOrDefault("fused_ops", AttrValue.getDefaultInstance())
                .getList()
                .getSList()
                .forEach(stage -> stages.add(stage.toStringUtf8()));
        Iterator<String> arguments = node.getInputList().stream()
                .filter(input -> !input.startsWith("^"))
                .iterator();
        AttrValue type = type(node);
        NodeDef.Builder plain = NodeDef.newBuilder()
                .setName(stages.isEmpty() ? node.getName() : node.getName() + "/" + first.op())
                .setOp(first.op())
                .addInput(next(arguments, node))
                .addInput(next(arguments, node));
        first.attributes().stream()
                .filter(node::containsAttr)
                .forEach(name -> plain.putAttr(name, node.getAttrOrThrow(name)));
        graph.addNode(plain);
        String result = plain.getName();
        for (int i = 0; i < stages.size(); i++) {
            String stage = stages.get(i);
            String name = i == stages.size() - 1 ? node.getName() : node.getName() + "/" + stage;
            addStage(node, stage, name, result, arguments, type);
            result = name;
        }
        if (arguments.hasNext()) {
            throw refused(node, "more inputs than its fused ops " + stages + " take");
        }
    }

    private void addStage(
            NodeDef node, String stage, String name, String x, Iterator<String> arguments, AttrValue type) {
        NodeDef.Builder op =
                NodeDef.newBuilder().setName(name).setOp(stage).addInput(x).putAttr("T", type);
        if (ACTIVATIONS.contains(stage)) {
            graph.addNode(op);
        } else if (stage.equals("BiasAdd")) {
            if (node.containsAttr("data_format")) {
                op.putAttr("data_format", node.getAttrOrThrow("data_format"));
            }
            graph.addNode(op.addInput(next(arguments, node)));
        } else if (stage.equals("LeakyRelu")) {
            graph.addNode(op.putAttr("alpha", node.getAttrOrThrow("leakyrelu_alpha")));
        } else if (stage.equals("Prelu")) {
            addPrelu(name, x, next(arguments, node), type);
        } else {
            throw refused(node, "the fused op " + stage);
        }
    }

    /** {@code max(x, 0) - alpha·max(-x, 0)}. */
    private void addPrelu(String name, String x, String alpha, AttrValue type) {
        String positive = add(name + "/Positive", "Relu", type, x);
        String negated = add(name + "/Negated", "Neg", type, x);
        String negative = add(name + "/Negative", "Relu", type, negated);
        add(name, "Sub", type, positive, add(name + "/Scaled", "Mul", type, alpha, negative));
    }

    private String add(String name, String op, AttrValue type, String... inputs) {
        graph.addNode(NodeDef.newBuilder()
                .setName(name)
                .setOp(op)
                .addAllInput(List.of(inputs))
                .putAttr("T", type));
        return name;
    }

    private static String next(Iterator<String> arguments, NodeDef node) {
        if (!arguments.hasNext()) {
            throw refused(node, "fewer inputs than its fused ops take");
        }
        return arguments.next();
    }

    private static ConversionException refused(NodeDef node, String what) {
        return new ConversionException("Node " + node.getName() + " (" + node.getOp() + "): has " + what
                + "; expected BiasAdd, Prelu, LeakyRelu and " + ACTIVATIONS + ", each with its input");
    }
}
