package io.portolan.converter.source;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.OpSignatures;
import io.portolan.converter.tensorflow.TensorName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Searches a graph without a signature for the tensors at which data enters and leaves it. */
final class EndSearch {
    /** Ops that bring data into a graph, with the attribute that lists the types of their outputs if they have several. */
    private static final Map<String, String> SOURCES = Map.of(
            "Placeholder", "",
            "PlaceholderV2", "",
            "IteratorGetNext", "output_types",
            "IteratorGetNextSync", "output_types",
            "QueueDequeueV2", "component_types",
            "QueueDequeueManyV2", "component_types",
            "QueueDequeueUpToV2", "component_types");

    /** Types of values that are no tensors, such as handles: no model has them as inputs or outputs. */
    private static final Set<DataType> HANDLES = Set.of(DataType.DT_RESOURCE, DataType.DT_VARIANT);

    private final GraphDef graph;
    private final OpSignatures signatures;
    private final Map<String, NodeDef> nodes = new LinkedHashMap<>();

    EndSearch(GraphDef graph) {
        this.graph = graph;
        this.signatures = new OpSignatures(graph.getLibrary());
        graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    }

    /** The tensors, all of which must be in the graph. */
    List<String> existing(List<String> tensors) {
        for (String tensor : tensors) {
            TensorName name = TensorName.parse(tensor);
            NodeDef node = nodes.get(name.node());
            if (node == null || signatures.type(node, name.index()).isEmpty()) {
                throw new ConversionException("The graph has no tensor " + tensor + "; expected node or node:output");
            }
        }
        return tensors;
    }

    /** The tensors with which data enters the part of the graph that computes some outputs. */
    List<String> sources(List<String> outputs) {
        Set<String> needed = GraphParts.ancestors(graph, outputs);
        Set<TensorName> read = new HashSet<>();
        outputs.forEach(output -> read.add(TensorName.parse(output)));
        nodes.values().stream()
                .filter(node -> needed.contains(node.getName()))
                .forEach(node -> node.getInputList().forEach(input -> read.add(TensorName.parse(input))));
        List<String> sources = new ArrayList<>();
        for (NodeDef node : nodes.values()) {
            if (SOURCES.containsKey(node.getOp())) {
                for (int output = 0; output < outputs(node); output++) {
                    TensorName tensor = new TensorName(node.getName(), output, false);
                    if (read.contains(tensor)) {
                        sources.add(tensor.toString());
                    }
                }
            }
        }
        return sources;
    }

    private static int outputs(NodeDef node) {
        String types = SOURCES.get(node.getOp());
        return types.isEmpty() ? 1 : node.getAttrOrThrow(types).getList().getTypeCount();
    }

    /**
     * The first outputs of the nodes without consumers that depend on an input.
     *
     * @param inputs those that were named; if empty, all nodes with which data enters
     */
    List<String> sinks(List<String> inputs) {
        Set<String> begins = new HashSet<>();
        inputs.forEach(input -> begins.add(TensorName.parse(input).node()));
        if (inputs.isEmpty()) {
            nodes.values().stream()
                    .filter(node -> SOURCES.containsKey(node.getOp()))
                    .forEach(node -> begins.add(node.getName()));
        }
        Set<String> used = new HashSet<>();
        nodes.values()
                .forEach(node -> node.getInputList()
                        .forEach(input -> used.add(TensorName.parse(input).node())));
        return nodes.values().stream()
                .filter(node -> node.getInputCount() > 0 && !used.contains(node.getName()) && hasTensor(node))
                .filter(node -> GraphParts.ancestors(graph, List.of(node.getName())).stream()
                        .anyMatch(begins::contains))
                .map(NodeDef::getName)
                .toList();
    }

    private boolean hasTensor(NodeDef node) {
        return signatures.type(node, 0).filter(type -> !HANDLES.contains(type)).isPresent();
    }
}
