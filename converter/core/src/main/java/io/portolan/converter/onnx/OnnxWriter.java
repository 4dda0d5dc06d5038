package io.portolan.converter.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a graph of standard ONNX operators as a model. */
public final class OnnxWriter {
    private static final String PRODUCER = "portolan";

    private OnnxWriter() {}

    /** The model of a graph in {@link Opset#DEFAULT}. */
    public static OnnxMl.ModelProto write(OnnxGraph graph, Map<String, String> metadata) {
        return write(graph, metadata, Opset.DEFAULT);
    }

    /** The model of a graph with all its constants in it. */
    public static OnnxMl.ModelProto write(OnnxGraph graph, Map<String, String> metadata, Opset opset) {
        // Not a copy: elements of constants do not change.
        return write(
                graph,
                metadata,
                opset,
                (tensor, data) -> tensor.setRawData(UnsafeByteOperations.unsafeWrap(data.bytes())));
    }

    /**
     * The model of a graph. Equal graphs and metadata give equal bytes.
     *
     * @param metadata texts to store in the model, in this order
     * @param store the storage of the elements of constants
     * @throws IllegalStateException if a node is not a standard ONNX operator: a pass should have lowered it
     * @throws OpsetException if the opset lacks operators of the graph
     */
    static OnnxMl.ModelProto write(
            OnnxGraph graph, Map<String, String> metadata, Opset opset, InitializerStorage store) {
        graph.allNodes().forEach(OnnxWriter::requireLowered);
        OpsetForms.requireWritable(graph, opset);
        OutputNames names = new OutputNames(graph);
        OnnxMl.GraphProto.Builder written = new GraphProtoWriter(opset, names).write(graph);
        // Constants that became attributes are no longer inputs of nodes.
        Set<Value> used = new HashSet<>();
        addUsed(graph, opset, used);
        graph.constants().stream()
                .filter(used::contains)
                .forEach(constant -> written.addInitializer(
                        initializer(names.of(constant), constant.data().orElseThrow(), store)));

        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder()
                .setIrVersion(opset.irVersion())
                .setProducerName(PRODUCER)
                .setProducerVersion(version())
                .setGraph(written)
                .addOpsetImport(imported(Opset.DEFAULT_DOMAIN, opset.version()));
        if (graph.allNodes().anyMatch(node -> node.op().domain().equals(Opset.ML_DOMAIN))) {
            model.addOpsetImport(imported(Opset.ML_DOMAIN, Opset.ML_VERSION));
        }
        addMetadata(model, metadata);
        return model.build();
    }

    private static OnnxMl.OperatorSetIdProto.Builder imported(String domain, int version) {
        return OnnxMl.OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version);
    }

    /** A message with metadata only, to be appended to a model. */
    static OnnxMl.ModelProto metadata(Map<String, String> metadata) {
        OnnxMl.ModelProto.Builder more = OnnxMl.ModelProto.newBuilder();
        addMetadata(more, metadata);
        return more.build();
    }

    private static void addMetadata(OnnxMl.ModelProto.Builder model, Map<String, String> metadata) {
        metadata.forEach((key, value) -> model.addMetadataProps(
                OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    }

    private static void addUsed(OnnxGraph graph, Opset opset, Set<Value> used) {
        used.addAll(graph.outputs().values());
        for (Node node : graph.nodes()) {
            used.addAll(OpsetForms.of(node, opset).inputs());
            node.subgraphs().forEach(nested -> addUsed(nested, opset, used));
        }
    }

    /** The version from the manifest of Portolan's jar; classes outside a jar have none. */
    public static String version() {
        return Optional.ofNullable(OnnxWriter.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private static void requireLowered(Node node) {
        if (!(node.op() instanceof StandardOp)) {
            throw new IllegalStateException(
                    "Node " + node.name() + " is " + node.op().domain() + "."
                            + node.op().opName() + ", which is not an ONNX operator; no pass has lowered it");
        }
    }

    private static OnnxMl.TensorProto initializer(String name, TensorData data, InitializerStorage store) {
        OnnxMl.TensorProto.Builder tensor = OnnxMl.TensorProto.newBuilder()
                .setName(name)
                .setDataType(data.type().number());
        for (long size : data.shape()) {
            tensor.addDims(size);
        }
        if (data.type() == OnnxType.STRING) {
            data.texts().forEach(text -> tensor.addStringData(ByteString.copyFromUtf8(text)));
        } else {
            store.put(tensor, data);
        }
        return tensor.build();
    }
}
