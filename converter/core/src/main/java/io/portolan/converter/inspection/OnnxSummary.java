package io.portolan.converter.inspection;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Summarises ONNX models. */
final class OnnxSummary {
    private static final String STANDARD_DOMAIN = "ai.onnx";

    /** Names of element types that are not numpy's in lower case. */
    private static final Map<TensorProto.DataType, String> TYPES = Map.of(
            TensorProto.DataType.FLOAT, "float32",
            TensorProto.DataType.DOUBLE, "float64");

    private final Map<String, Long> operations = new LinkedHashMap<>();
    private long weights;
    private long weightBytes;
    private long externalWeights;

    private OnnxSummary() {}

    static ModelSummary of(ModelProto model) {
        OnnxSummary summary = new OnnxSummary();
        summary.count(model.getGraph());
        model.getFunctionsList().forEach(function -> function.getNodeList().forEach(summary::count));
        Set<String> initializers = model.getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toSet());
        Map<String, String> metadata = new LinkedHashMap<>();
        for (StringStringEntryProto entry : model.getMetadataPropsList()) {
            metadata.put(entry.getKey(), entry.getValue());
        }
        return new ModelSummary(
                "ONNX model",
                summary.facts(model),
                // Old exporters list weights as inputs too.
                ports(model.getGraph().getInputList().stream()
                        .filter(input -> !initializers.contains(input.getName()))
                        .toList()),
                ports(model.getGraph().getOutputList()),
                ModelSummary.byFrequency(summary.operations),
                summary.weights,
                summary.weightBytes,
                metadata);
    }

    private Map<String, String> facts(ModelProto model) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("IR version", Long.toString(model.getIrVersion()));
        facts.put(
                "opset",
                model.getOpsetImportList().stream().map(OnnxSummary::opset).collect(Collectors.joining(", ")));
        putText(facts, "producer", (model.getProducerName() + " " + model.getProducerVersion()).strip());
        putText(facts, "graph", model.getGraph().getName());
        putText(facts, "domain", model.getDomain());
        putText(facts, "description", model.getDocString());
        if (model.getFunctionsCount() > 0) {
            facts.put("functions", Integer.toString(model.getFunctionsCount()));
        }
        if (externalWeights > 0) {
            facts.put("weights in other files", Long.toString(externalWeights));
        }
        return facts;
    }

    private static void putText(Map<String, String> facts, String name, String text) {
        if (!text.isEmpty()) {
            facts.put(name, text);
        }
    }

    private static String opset(OperatorSetIdProto opset) {
        String domain = opset.getDomain();
        return domain.isEmpty() || domain.equals(STANDARD_DOMAIN)
                ? Long.toString(opset.getVersion())
                : domain + " " + opset.getVersion();
    }

    private void count(GraphProto graph) {
        for (TensorProto weight : graph.getInitializerList()) {
            weights++;
            weightBytes += bytes(weight);
            externalWeights += weight.getDataLocation() == TensorProto.DataLocation.EXTERNAL ? 1 : 0;
        }
        graph.getNodeList().forEach(this::count);
    }

    private void count(NodeProto node) {
        String domain = node.getDomain();
        String name =
                domain.isEmpty() || domain.equals(STANDARD_DOMAIN) ? node.getOpType() : domain + "." + node.getOpType();
        operations.merge(name, 1L, Long::sum);
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                count(attribute.getG());
            }
            attribute.getGraphsList().forEach(this::count);
        }
    }

    /** The size of a weight by its type and shape, wherever its elements are; as many bits as they have. */
    private static long bytes(TensorProto weight) {
        long elements = 1;
        for (long size : weight.getDimsList()) {
            elements *= size;
        }
        TensorProto.DataType type = TensorProto.DataType.forNumber(weight.getDataType());
        int bits = switch (type == null ? TensorProto.DataType.UNDEFINED : type) {
            case FLOAT, INT32, UINT32 -> 32;
            case DOUBLE, INT64, UINT64, COMPLEX64 -> 64;
            case COMPLEX128 -> 128;
            case FLOAT16, BFLOAT16, INT16, UINT16 -> 16;
            case UNDEFINED, STRING -> 0;
            default -> typeName(weight.getDataType()).endsWith("4") ? 4 : 8;
        };
        return (elements * bits + 7) / 8;
    }

    private static List<ModelSummary.Port> ports(List<ValueInfoProto> values) {
        List<ModelSummary.Port> ports = new ArrayList<>();
        for (ValueInfoProto value : values) {
            TypeProto type = value.getType();
            ports.add(
                    type.hasTensorType()
                            ? new ModelSummary.Port(
                                    value.getName(),
                                    typeName(type.getTensorType().getElemType()),
                                    shape(type.getTensorType()))
                            : new ModelSummary.Port(
                                    value.getName(),
                                    type.getValueCase()
                                            .name()
                                            .toLowerCase(Locale.ROOT)
                                            .replace("_type", ""),
                                    ""));
        }
        return ports;
    }

    private static String typeName(int number) {
        TensorProto.DataType type = TensorProto.DataType.forNumber(number);
        return type == null
                ? "type " + number
                : TYPES.getOrDefault(type, type.name().toLowerCase(Locale.ROOT));
    }

    private static String shape(TypeProto.Tensor type) {
        return type.hasShape()
                ? type.getShape().getDimList().stream()
                        .map(size -> size.hasDimValue()
                                ? Long.toString(size.getDimValue())
                                : size.getDimParam().isEmpty() ? "?" : size.getDimParam())
                        .collect(Collectors.joining(", ", "[", "]"))
                : "[...]";
    }
}
