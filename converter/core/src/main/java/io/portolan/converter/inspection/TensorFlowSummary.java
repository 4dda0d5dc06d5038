package io.portolan.converter.inspection;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** Summarises TensorFlow's graphs. */
final class TensorFlowSummary {
    /** The signature that TensorFlow adds to every SavedModel to initialise its variables. */
    private static final String INITIALIZER = "__saved_model_init_op";

    private static final Set<String> VARIABLES = Set.of("VarHandleOp", "VariableV2", "Variable");

    /** Nodes without outputs that could be a result. */
    private static final Set<String> WITHOUT_RESULT = Set.of("NoOp", "Assert", "Const", "SaveV2", "Placeholder");

    /** Element types whose names are not numpy's in lower case. */
    private static final Map<DataType, String> TYPES = Map.of(
            DataType.DT_FLOAT, "float32",
            DataType.DT_DOUBLE, "float64",
            DataType.DT_HALF, "float16");

    private TensorFlowSummary() {}

    /**
     * Summarises the first graph of a SavedModel, and the signatures of all.
     *
     * @param weightBytes the size of the files of its variables
     */
    static ModelSummary of(SavedModel model, long weightBytes) {
        MetaGraphDef graph =
                model.getMetaGraphsCount() == 0 ? MetaGraphDef.getDefaultInstance() : model.getMetaGraphs(0);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("graphs", Integer.toString(model.getMetaGraphsCount()));
        facts.put("tags", String.join(", ", graph.getMetaInfoDef().getTagsList()));
        putText(facts, "TensorFlow", graph.getMetaInfoDef().getTensorflowVersion());
        List<ModelSummary.Port> inputs = new ArrayList<>();
        List<ModelSummary.Port> outputs = new ArrayList<>();
        Map<String, SignatureDef> signatures = new TreeMap<>(graph.getSignatureDefMap());
        signatures.remove(INITIALIZER);
        facts.put("signatures", String.join(", ", signatures.keySet()));
        signatures.forEach((name, signature) -> {
            String prefix = signatures.size() == 1 ? "" : name + ": ";
            inputs.addAll(ports(prefix, signature.getInputsMap()));
            outputs.addAll(ports(prefix, signature.getOutputsMap()));
        });
        return summary("TensorFlow SavedModel", facts, inputs, outputs, graph.getGraphDef(), weightBytes);
    }

    static ModelSummary of(GraphDef graph) {
        Set<String> used = new HashSet<>();
        graph.getNodeList()
                .forEach(node -> node.getInputList()
                        .forEach(
                                input -> used.add(input.replaceFirst("^\\^", "").replaceFirst(":\\d+$", ""))));
        List<ModelSummary.Port> inputs = new ArrayList<>();
        List<ModelSummary.Port> outputs = new ArrayList<>();
        for (NodeDef node : graph.getNodeList()) {
            if (node.getOp().equals("Placeholder")) {
                inputs.add(port(node, "dtype", "shape"));
            } else if (!used.contains(node.getName()) && !WITHOUT_RESULT.contains(node.getOp())) {
                outputs.add(port(node, "T", "_output_shapes"));
            }
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("producer", "version " + graph.getVersions().getProducer());
        long bytes = graph.getNodeList().stream()
                .filter(node -> node.getOp().equals("Const"))
                .mapToLong(node -> node.getAttrOrDefault("value", AttrValue.getDefaultInstance())
                        .getTensor()
                        .getSerializedSize())
                .sum();
        return summary("TensorFlow GraphDef", facts, inputs, outputs, graph, bytes);
    }

    private static ModelSummary summary(
            String form,
            Map<String, String> facts,
            List<ModelSummary.Port> inputs,
            List<ModelSummary.Port> outputs,
            GraphDef graph,
            long weightBytes) {
        Map<String, Long> operations = new LinkedHashMap<>();
        graph.getNodeList().forEach(node -> operations.merge(node.getOp(), 1L, Long::sum));
        graph.getLibrary()
                .getFunctionList()
                .forEach(function ->
                        function.getNodeDefList().forEach(node -> operations.merge(node.getOp(), 1L, Long::sum)));
        if (graph.getLibrary().getFunctionCount() > 0) {
            facts.put("functions", Integer.toString(graph.getLibrary().getFunctionCount()));
        }
        long variables = VARIABLES.stream()
                .mapToLong(op -> operations.getOrDefault(op, 0L))
                .sum();
        return new ModelSummary(
                form,
                facts,
                inputs,
                outputs,
                ModelSummary.byFrequency(operations),
                variables > 0 ? variables : operations.getOrDefault("Const", 0L),
                weightBytes,
                Map.of());
    }

    private static void putText(Map<String, String> facts, String name, String text) {
        if (!text.isEmpty()) {
            facts.put(name, text);
        }
    }

    private static List<ModelSummary.Port> ports(String prefix, Map<String, TensorInfo> tensors) {
        return new TreeMap<>(tensors)
                .entrySet().stream()
                        .map(entry -> new ModelSummary.Port(
                                prefix + entry.getKey(),
                                typeName(entry.getValue().getDtype()),
                                shape(entry.getValue().getTensorShape())))
                        .toList();
    }

    private static ModelSummary.Port port(NodeDef node, String type, String shape) {
        return new ModelSummary.Port(
                node.getName(),
                node.containsAttr(type) ? typeName(node.getAttrOrThrow(type).getType()) : "?",
                node.containsAttr(shape) ? shape(node.getAttrOrThrow(shape).getShape()) : "[...]");
    }

    private static String typeName(DataType type) {
        return TYPES.getOrDefault(type, type.name().toLowerCase(Locale.ROOT).replaceFirst("^dt_", ""));
    }

    private static String shape(TensorShapeProto shape) {
        return shape.getUnknownRank()
                ? "[...]"
                : shape.getDimList().stream()
                        .map(size -> size.getSize() < 0 ? "?" : Long.toString(size.getSize()))
                        .collect(Collectors.joining(", ", "[", "]"));
    }
}
