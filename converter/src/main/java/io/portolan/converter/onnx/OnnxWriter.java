package io.portolan.converter.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a graph of ONNX's own operators as a model. */
public final class OnnxWriter {
    private static final String PRODUCER = "portolan";

    private final Opset opset;
    private final OutputNames names;
    private final OnnxMl.GraphProto.Builder proto = OnnxMl.GraphProto.newBuilder();

    private OnnxWriter(OnnxGraph graph, Opset opset) {
        this.opset = opset;
        this.names = new OutputNames(graph);
    }

    /** The model of a graph in {@link Opset#DEFAULT}. */
    public static OnnxMl.ModelProto write(OnnxGraph graph, Map<String, String> metadata) {
        return write(graph, metadata, Opset.DEFAULT);
    }

    /**
     * The model of a graph. Equal graphs and metadata give equal bytes.
     *
     * @param metadata texts that travel in the model, in this order
     * @throws IllegalStateException if a node is not one of ONNX's own: a pass should have lowered it
     * @throws OpsetException if the opset lacks operators of the graph
     */
    public static OnnxMl.ModelProto write(OnnxGraph graph, Map<String, String> metadata, Opset opset) {
        graph.nodes().forEach(OnnxWriter::requireLowered);
        OpsetForms.requireWritable(graph, opset);
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder()
                .setIrVersion(opset.irVersion())
                .setProducerName(PRODUCER)
                .setProducerVersion(version())
                .setGraph(new OnnxWriter(graph, opset).graph(graph))
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder()
                        .setDomain("").setVersion(opset.version()));
        metadata.forEach((key, value) -> model.addMetadataProps(
                OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build();
    }

    /** The version in the manifest of Portolan's jar; classes in a folder have none. */
    private static String version() {
        return Optional.ofNullable(OnnxWriter.class.getPackage().getImplementationVersion()).orElse("development");
    }

    private OnnxMl.GraphProto graph(OnnxGraph graph) {
        proto.setName(graph.name());
        graph.inputs().forEach(input -> proto.addInput(valueInfo(input.name(), input.type())));
        graph.nodes().forEach(this::node);
        // Constants that became attributes are not among the inputs of nodes any more.
        Set<Value> used = new HashSet<>(graph.outputs().values());
        graph.nodes().forEach(node -> used.addAll(OpsetForms.of(node, opset).inputs()));
        graph.constants().stream().filter(used::contains).forEach(constant -> proto.addInitializer(initializer(constant)));
        names.aliases().forEach(this::alias);
        graph.outputs().forEach((name, value) -> proto.addOutput(valueInfo(name, value.type())));
        return proto.build();
    }

    private static void requireLowered(Node node) {
        if (!(node.op() instanceof StandardOp)) {
            throw new IllegalStateException("Node " + node.name() + " is " + node.op().domain() + "."
                    + node.op().opName() + ", which is not an ONNX operator; no pass has lowered it");
        }
    }

    private void node(Node node) {
        OpsetForms.Form form = OpsetForms.of(node, opset);
        OnnxMl.NodeProto.Builder written = OnnxMl.NodeProto.newBuilder().setName(node.name())
                .setOpType(node.op().opName());
        form.inputs().forEach(input -> written.addInput(names.of(input)));
        form.attributes().byName().forEach((name, attribute) -> written.addAttribute(attribute(name, attribute)));
        for (Value output : node.outputs()) {
            written.addOutput(names.of(output));
            if (!names.isOutput(output)) {
                proto.addValueInfo(valueInfo(names.of(output), output.type()));
            }
        }
        proto.addNode(written);
    }

    private void alias(String name, Value value) {
        proto.addNode(OnnxMl.NodeProto.newBuilder().setName(name).setOpType(StandardOp.IDENTITY.opName())
                .addInput(names.of(value)).addOutput(name));
    }

    private static OnnxMl.AttributeProto attribute(String name, Attribute attribute) {
        OnnxMl.AttributeProto.Builder written = OnnxMl.AttributeProto.newBuilder().setName(name);
        if (attribute instanceof Attribute.Int number) {
            written.setType(OnnxMl.AttributeProto.AttributeType.INT).setI(number.value());
        } else if (attribute instanceof Attribute.Ints numbers) {
            written.setType(OnnxMl.AttributeProto.AttributeType.INTS).addAllInts(numbers.values());
        } else if (attribute instanceof Attribute.Real number) {
            written.setType(OnnxMl.AttributeProto.AttributeType.FLOAT).setF(number.value());
        } else if (attribute instanceof Attribute.Text text) {
            written.setType(OnnxMl.AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text.value()));
        }
        return written.build();
    }

    private OnnxMl.TensorProto initializer(Value constant) {
        TensorData data = constant.data().orElseThrow();
        OnnxMl.TensorProto.Builder tensor = OnnxMl.TensorProto.newBuilder().setName(names.of(constant))
                .setDataType(data.type().number()).setRawData(ByteString.copyFrom(data.bytes()));
        for (long size : data.shape()) {
            tensor.addDims(size);
        }
        return tensor.build();
    }

    private static OnnxMl.ValueInfoProto valueInfo(String name, TensorType type) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        type.shape().dims().forEach(dim -> shape.addDim(dimension(dim)));
        OnnxMl.TypeProto.Tensor.Builder tensor = OnnxMl.TypeProto.Tensor.newBuilder()
                .setElemType(type.element().number()).setShape(shape);
        return OnnxMl.ValueInfoProto.newBuilder().setName(name)
                .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor)).build();
    }

    private static OnnxMl.TensorShapeProto.Dimension dimension(Dim dim) {
        OnnxMl.TensorShapeProto.Dimension.Builder written = OnnxMl.TensorShapeProto.Dimension.newBuilder();
        if (dim.isKnown()) {
            written.setDimValue(dim.coefficient());
        } else if (!dim.isUnknown()) {
            written.setDimParam(dim.toString());
        }
        return written.build();
    }
}
