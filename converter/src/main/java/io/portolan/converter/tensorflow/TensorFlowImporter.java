package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.Imported.RealValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Reads the part of a TensorFlow graph that computes given outputs from given inputs.
 *
 * <p>Variables must have been frozen to constants. Control dependencies are ignored: an ONNX graph has no side effects
 * to order.
 */
public final class TensorFlowImporter {
    /** The symbol of a leading dimension that the graph leaves open. */
    public static final String BATCH = "batch";

    private final HandlerRegistry registry;
    private final Dim batch;

    /** An importer that knows the ops of a registry. */
    public TensorFlowImporter(HandlerRegistry registry) {
        this(registry, Dim.symbol(BATCH));
    }

    private TensorFlowImporter(HandlerRegistry registry, Dim batch) {
        this.registry = registry;
        this.batch = batch;
    }

    /** One that gives open leading dimensions of inputs this size; none leaves them open. */
    public TensorFlowImporter withBatch(OptionalLong size) {
        return new TensorFlowImporter(registry, size.isPresent() ? Dim.of(size.getAsLong()) : Dim.symbol(BATCH));
    }

    /**
     * Imports a graph. An open leading dimension of an input becomes the symbol {@value #BATCH}, an open axis 2 of
     * input {@code frames} the symbol {@code frames_2}.
     *
     * @param definition the TensorFlow graph
     * @param inputs TensorFlow tensor name (a placeholder's) to ONNX input name, in the order of the ONNX inputs
     * @param outputs TensorFlow tensor name ({@code node} or {@code node:1}) to ONNX output name, in order
     * @throws UnsupportedOpsException if ops on the way have no handler; nothing is built then
     * @throws ConversionException if a node cannot be converted, or a name is not in the graph
     */
    public OnnxGraph importGraph(GraphDef definition, Map<String, String> inputs, Map<String, String> outputs) {
        Map<String, NodeDef> nodes = new HashMap<>();
        definition.getNodeList().forEach(node -> nodes.put(node.getName(), node));
        OnnxGraph graph = new OnnxGraph("portolan");
        outputs.values().forEach(graph::reserveOutput);
        Map<TensorName, Imported> environment = new HashMap<>();
        Set<String> boundaries = new HashSet<>();
        inputs.forEach((tensor, name) -> {
            NodeDef placeholder = node(nodes, TensorName.parse(tensor).node(), "input " + name);
            boundaries.add(placeholder.getName());
            environment.put(new TensorName(placeholder.getName(), 0, false), input(graph, placeholder, name));
        });

        List<String> roots = outputs.keySet().stream().map(tensor -> TensorName.parse(tensor).node()).toList();
        List<NodeDef> order = new DependencyOrder(nodes, boundaries).of(roots);
        requireSupported(order);
        GraphBuilder builder = new GraphBuilder(graph);
        order.forEach(node -> convert(node, environment, builder));
        outputs.forEach((tensor, name) -> graph.bindOutput(name, output(environment, TensorName.parse(tensor))));
        return graph;
    }

    static NodeDef node(Map<String, NodeDef> nodes, String name, String wantedBy) {
        NodeDef node = nodes.get(name);
        if (node == null) {
            throw new ConversionException("The graph has no node " + name + ", which " + wantedBy + " refers to");
        }
        return node;
    }

    private Imported input(OnnxGraph graph, NodeDef placeholder, String name) {
        TensorShapeProto shape = placeholder.getAttrOrDefault("shape", AttrValue.getDefaultInstance()).getShape();
        DataType type = placeholder.getAttrOrDefault("dtype", AttrValue.getDefaultInstance()).getType();
        boolean hasRank = placeholder.containsAttr("shape") && !shape.getUnknownRank();
        if (!placeholder.getOp().startsWith("Placeholder") || !hasRank) {
            throw new ConversionException(placeholder.getName(), placeholder.getOp(),
                    "expected a placeholder with a shape of known rank as input " + name, null);
        }
        List<Dim> dims = new ArrayList<>();
        for (TensorShapeProto.Dim dim : shape.getDimList()) {
            Dim open = dims.isEmpty() ? batch : Dim.symbol(name + "_" + dims.size());
            dims.add(dim.getSize() < 0 ? open : Dim.of(dim.getSize()));
        }
        TensorType tensor = new TensorType(TensorFlowTypes.element(type), new TensorShape(dims));
        return new RealValue(graph.addInput(name, tensor));
    }

    private void requireSupported(List<NodeDef> nodes) {
        Map<String, List<String>> unsupported = new TreeMap<>();
        for (NodeDef node : nodes) {
            if (node.getOp().equals("Placeholder")) {
                throw new ConversionException(node.getName(), node.getOp(),
                        "the outputs need this placeholder, expected it among the inputs", null);
            }
            lacking(node).ifPresent(what -> unsupported.computeIfAbsent(what, any -> new ArrayList<>()).add(node.getName()));
        }
        if (!unsupported.isEmpty()) {
            throw new UnsupportedOpsException(unsupported);
        }
    }

    /** The op, or the op with its element type, if there is no definition for it. */
    private Optional<String> lacking(NodeDef node) {
        Optional<OpDefinition> definition = registry.find(node.getOp());
        if (definition.isEmpty()) {
            return Optional.of(node.getOp());
        }
        AttrValue type = node.getAttrOrDefault(definition.get().facts().typeAttribute(), AttrValue.getDefaultInstance());
        boolean isTyped = type.getValueCase() == AttrValue.ValueCase.TYPE;
        return isTyped && !definition.get().types().contains(type.getType())
                ? Optional.of(node.getOp() + " of " + type.getType()) : Optional.empty();
    }

    private void convert(NodeDef node, Map<TensorName, Imported> environment, GraphBuilder builder) {
        try {
            List<Imported> inputs = new ArrayList<>(node.getInputCount());
            for (String tensor : node.getInputList()) {
                TensorName name = TensorName.parse(tensor);
                if (!name.isControl()) {
                    inputs.add(imported(environment, name));
                }
            }
            OpDefinition definition = registry.find(node.getOp()).orElseThrow();
            NodeContext context = new NodeContext(node, definition, inputs, builder.scope(node.getName()));
            List<Imported> results = definition.handler().convert(context);
            for (int i = 0; i < results.size(); i++) {
                environment.put(new TensorName(node.getName(), i, false), results.get(i));
            }
        } catch (IllegalArgumentException e) {
            throw new ConversionException(node.getName(), node.getOp(), e.getMessage(), e);
        }
    }

    private static Imported imported(Map<TensorName, Imported> environment, TensorName name) {
        Imported value = environment.get(name);
        if (value == null) {
            throw new IllegalArgumentException("expected " + name.node() + " to have an output " + name.index());
        }
        return value;
    }

    private static Value output(Map<TensorName, Imported> environment, TensorName name) {
        if (environment.get(name) instanceof RealValue real) {
            return real.value();
        }
        throw new ConversionException("Expected " + name + " to be a real tensor of the graph; "
                + "of a complex one, the outputs of Real and Imag nodes can be exported");
    }
}
