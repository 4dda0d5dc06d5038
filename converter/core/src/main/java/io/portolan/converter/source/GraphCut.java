package io.portolan.converter.source;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.OpSignatures;
import io.portolan.converter.tensorflow.TensorName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A graph in which any tensors have become placeholders: what computed them before is no longer needed.
 *
 * @param graph the graph
 * @param placeholders the name of the placeholder of each tensor, in the order of the tensors
 */
record GraphCut(GraphDef graph, Map<String, String> placeholders) {
    private static final String PLACEHOLDER = "Placeholder";

    /** The last version of GraphDef in which a placeholder without sizes had any shape, not that of a scalar. */
    private static final int LAST_WITHOUT_SCALARS = 21;

    /** What is known of a tensor from elsewhere than its node. */
    interface Declarations {
        /** Its element type; {@code DT_INVALID} if it is unknown. */
        DataType type(String tensor);

        /** Its shape; empty if not even its rank is known. */
        Optional<TensorShapeProto> shape(String tensor);
    }

    /**
     * Cuts a graph.
     *
     * @param tensors those that become placeholders, {@code node} or {@code node:1}
     * @param outputs the tensors that are wanted
     * @param declarations what is known of those that are not placeholders already, or that are placeholders without a shape
     * @throws ConversionException if the graph has no such tensor
     */
    static GraphCut at(
            GraphDef graph, Collection<String> tensors, Collection<String> outputs, Declarations declarations) {
        Map<String, NodeDef> nodes = new LinkedHashMap<>();
        graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
        OpSignatures signatures = new OpSignatures(graph.getLibrary());
        Set<TensorName> used = used(graph, outputs);
        Map<TensorName, String> names = new HashMap<>();
        Map<String, String> placeholders = new LinkedHashMap<>();
        for (String tensor : tensors) {
            TensorName name = TensorName.parse(tensor);
            NodeDef node = nodes.get(name.node());
            if (node == null) {
                throw new ConversionException(
                        "The graph has no tensor " + tensor + " to be an input; expected node or node:output");
            }
            DataType type = signatures.type(node, name.index()).orElse(declarations.type(tensor));
            if (type == DataType.DT_INVALID) {
                throw new ConversionException(
                        node.getName(),
                        node.getOp(),
                        "expected it to have an output " + name.index()
                                + " of a known type, as it is to be an input; name a tensor behind it",
                        null);
            }
            boolean staysToo = name.index() > 0
                    || used.stream()
                            .anyMatch(other -> other.index() > 0 && other.node().equals(name.node()));
            String placeholder = staysToo ? free(name, nodes) : name.node();
            NodeDef.Builder made = NodeDef.newBuilder()
                    .setName(placeholder)
                    .setOp(PLACEHOLDER)
                    .putAttr("dtype", AttrValue.newBuilder().setType(type).build());
            known(node, graph.getVersions().getProducer())
                    .or(() -> declarations.shape(tensor))
                    .ifPresent(shape -> made.putAttr(
                            "shape", AttrValue.newBuilder().setShape(shape).build()));
            nodes.put(placeholder, made.build());
            names.put(name, placeholder);
            placeholders.put(tensor, placeholder);
        }
        GraphDef.Builder changed = graph.toBuilder().clearNode();
        nodes.values().forEach(node -> changed.addNode(rewired(node, names)));
        return new GraphCut(changed.build(), placeholders);
    }

    /** The tensor that has taken the place of another: of one that became a placeholder, or itself. */
    String tensor(String before) {
        TensorName name = TensorName.parse(before);
        return placeholders.entrySet().stream()
                .filter(entry -> TensorName.parse(entry.getKey()).equals(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(before);
    }

    private static Set<TensorName> used(GraphDef graph, Collection<String> outputs) {
        Set<TensorName> used = new HashSet<>();
        outputs.forEach(output -> used.add(TensorName.parse(output)));
        graph.getNodeList().forEach(node -> node.getInputList().forEach(input -> used.add(TensorName.parse(input))));
        return used;
    }

    private static String free(TensorName tensor, Map<String, NodeDef> nodes) {
        String name = tensor.node() + "_" + tensor.index();
        while (nodes.containsKey(name)) {
            name += "_";
        }
        return name;
    }

    /** The shape that a placeholder declares; empty if its rank is unknown. */
    private static Optional<TensorShapeProto> known(NodeDef node, int version) {
        if (!node.getOp().startsWith(PLACEHOLDER) || !node.containsAttr("shape")) {
            return Optional.empty();
        }
        TensorShapeProto shape = node.getAttrOrThrow("shape").getShape();
        boolean isUnknown = shape.getUnknownRank() || version <= LAST_WITHOUT_SCALARS && shape.getDimCount() == 0;
        return isUnknown ? Optional.empty() : Optional.of(shape);
    }

    private static NodeDef rewired(NodeDef node, Map<TensorName, String> names) {
        if (node.getInputList().stream().noneMatch(input -> names.containsKey(TensorName.parse(input)))) {
            return node;
        }
        NodeDef.Builder changed = node.toBuilder().clearInput();
        node.getInputList().forEach(input -> changed.addInput(names.getOrDefault(TensorName.parse(input), input)));
        return changed.build();
    }
}
