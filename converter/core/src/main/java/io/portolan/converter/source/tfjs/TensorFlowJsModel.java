package io.portolan.converter.source.tfjs;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.stores.DiskFolder;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * A graph model of TensorFlow.js with its weights in the graph.
 *
 * @param graph the graph, of ops that TensorFlow has
 * @param inputs TensorFlow tensor to name, as the signature says; empty if there is none
 * @param outputs TensorFlow tensor to name, as the signature says; empty if there is none
 * @see <a href="https://github.com/tensorflow/tfjs/tree/master/tfjs-converter">the converter that writes such models</a>
 */
public record TensorFlowJsModel(GraphDef graph, Map<String, String> inputs, Map<String, String> outputs) {
    private static final Set<String> MEMBERS = Set.of(
            "format",
            "generatedBy",
            "convertedBy",
            "modelTopology",
            "weightsManifest",
            "signature",
            "userDefinedMetadata",
            "trainingConfig");

    public TensorFlowJsModel {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /**
     * Reads {@code model.json} and the files of weights beside it.
     *
     * @throws CheckpointException if it is malformed, or holds something that is not understood
     * @throws IOException if a file cannot be read
     */
    public static TensorFlowJsModel read(Path file) throws IOException {
        JsonDocument document = JsonDocument.parse(DiskFolder.file(file));
        Map<?, ?> members = document.object();
        String format = members.get("format") == null ? "graph-model" : document.text("format", members.get("format"));
        if (!format.equals("graph-model")) {
            throw document.wrong(
                    "format",
                    format,
                    "graph-model; Keras models can be converted to the output format tfjs_graph_model");
        }
        Set<Object> unknown = new TreeSet<>(members.keySet());
        unknown.removeAll(MEMBERS);
        if (!unknown.isEmpty()) {
            throw document.wrong("the document with the members", unknown, "members among " + MEMBERS);
        }
        GraphDef.Builder graph = GraphDef.newBuilder();
        new ProtoJson(document).merge("modelTopology", members.get("modelTopology"), graph);
        DiskFolder folder = DiskFolder.open(file.toAbsolutePath().getParent());
        Map<String, TensorProto> weights = WeightManifest.read(document, members.get("weightsManifest"), folder);
        Map<?, ?> signature = signature(document, members);
        return new TensorFlowJsModel(
                FusedNodes.writtenOut(withWeights(document, graph, weights)),
                tensors(document, "inputs", signature.get("inputs")),
                tensors(document, "outputs", signature.get("outputs")));
    }

    /** Sets the values of constants. */
    private static GraphDef withWeights(JsonDocument document, GraphDef.Builder graph, Map<String, TensorProto> weights)
            throws CheckpointException {
        Set<String> left = new TreeSet<>(weights.keySet());
        List<NodeDef> nodes = new ArrayList<>();
        for (NodeDef node : graph.getNodeList()) {
            left.remove(node.getName());
            if (!node.getOp().equals("Const")) {
                nodes.add(node);
                continue;
            }
            TensorProto weight = weights.get(node.getName());
            TensorProto declared = node.getAttrOrDefault("value", AttrValue.getDefaultInstance())
                    .getTensor();
            boolean fits = weight != null
                    && weight.getDtype() == declared.getDtype()
                    && weight.getTensorShape().equals(declared.getTensorShape());
            if (!fits) {
                throw document.wrong(
                        "the weight of the constant " + node.getName(),
                        weight == null ? null : weight.getDtype() + " " + sizes(weight),
                        declared.getDtype() + " " + sizes(declared));
            }
            nodes.add(node.toBuilder()
                    .putAttr("value", AttrValue.newBuilder().setTensor(weight).build())
                    .build());
        }
        if (!left.isEmpty()) {
            throw document.wrong("weightsManifest with", left, "weights of constants in the graph");
        }
        return graph.clearNode().addAllNode(nodes).build();
    }

    private static List<Long> sizes(TensorProto tensor) {
        return tensor.getTensorShape().getDimList().stream()
                .map(dim -> dim.getSize())
                .toList();
    }

    /** The signature; older converters kept it in the metadata. */
    private static Map<?, ?> signature(JsonDocument document, Map<?, ?> members) throws CheckpointException {
        Object own = members.get("signature");
        if (own == null && members.get("userDefinedMetadata") != null) {
            own = document.object("userDefinedMetadata", members.get("userDefinedMetadata"))
                    .get("signature");
        }
        return own == null ? Map.of() : document.object("signature", own);
    }

    private static Map<String, String> tensors(JsonDocument document, String member, Object json)
            throws CheckpointException {
        Map<String, String> tensors = new LinkedHashMap<>();
        if (json == null) {
            return tensors;
        }
        for (Map.Entry<?, ?> entry : document.object(member, json).entrySet()) {
            String name = (String) entry.getKey();
            Object tensor =
                    document.object(member + "." + name, entry.getValue()).get("name");
            tensors.put(document.text(member + "." + name + ".name", tensor), name.replaceFirst(":0$", ""));
        }
        return tensors;
    }
}
