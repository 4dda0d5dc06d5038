package io.portolan.converter.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;

/** Writes one graph without its constants, which are initializers of the outermost graph, visible to nested graphs too. */
final class GraphProtoWriter {
    private final Opset opset;
    private final OutputNames names;
    private final OnnxMl.GraphProto.Builder proto = OnnxMl.GraphProto.newBuilder();

    GraphProtoWriter(Opset opset, OutputNames names) {
        this.opset = opset;
        this.names = names;
    }

    OnnxMl.GraphProto.Builder write(OnnxGraph graph) {
        proto.setName(graph.name());
        graph.inputs().forEach(input -> proto.addInput(valueInfo(input.name(), input.type())));
        graph.nodes().forEach(this::node);
        names.aliases().forEach(this::alias);
        graph.outputs().forEach((name, value) -> proto.addOutput(valueInfo(name, value.type())));
        return proto;
    }

    private void node(Node node) {
        OpsetForms.Form form = OpsetForms.of(node, opset);
        OnnxMl.NodeProto.Builder written = OnnxMl.NodeProto.newBuilder()
                .setName(node.name())
                .setOpType(node.op().opName());
        if (!node.op().domain().equals(Opset.DEFAULT_DOMAIN)) {
            written.setDomain(node.op().domain());
        }
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
        proto.addNode(OnnxMl.NodeProto.newBuilder()
                .setName(name)
                .setOpType(StandardOp.IDENTITY.opName())
                .addInput(names.of(value))
                .addOutput(name));
    }

    private OnnxMl.AttributeProto attribute(String name, Attribute attribute) {
        OnnxMl.AttributeProto.Builder written =
                OnnxMl.AttributeProto.newBuilder().setName(name);
        if (attribute instanceof Attribute.Int number) {
            written.setType(OnnxMl.AttributeProto.AttributeType.INT).setI(number.value());
        } else if (attribute instanceof Attribute.Ints numbers) {
            written.setType(OnnxMl.AttributeProto.AttributeType.INTS).addAllInts(numbers.values());
        } else if (attribute instanceof Attribute.Real number) {
            written.setType(OnnxMl.AttributeProto.AttributeType.FLOAT).setF(number.value());
        } else if (attribute instanceof Attribute.Reals numbers) {
            written.setType(OnnxMl.AttributeProto.AttributeType.FLOATS).addAllFloats(numbers.values());
        } else if (attribute instanceof Attribute.Text text) {
            written.setType(OnnxMl.AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text.value()));
        } else if (attribute instanceof Attribute.Texts texts) {
            written.setType(OnnxMl.AttributeProto.AttributeType.STRINGS);
            texts.values().forEach(text -> written.addStrings(ByteString.copyFromUtf8(text)));
        } else if (attribute instanceof Attribute.Subgraph nested) {
            written.setType(OnnxMl.AttributeProto.AttributeType.GRAPH)
                    .setG(new GraphProtoWriter(opset, names.nested(nested.graph())).write(nested.graph()));
        }
        return written.build();
    }

    private static OnnxMl.ValueInfoProto valueInfo(String name, TensorType type) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        type.shape().dims().forEach(dim -> shape.addDim(dimension(dim)));
        OnnxMl.TypeProto.Tensor.Builder tensor = OnnxMl.TypeProto.Tensor.newBuilder()
                .setElemType(type.element().number())
                .setShape(shape);
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
                .build();
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
