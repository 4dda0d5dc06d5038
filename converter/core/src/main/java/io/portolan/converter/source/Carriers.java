package io.portolan.converter.source;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.tensorflow.TensorFlowTypes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Tensors of element types that TensorFlow Java can neither create nor read: a tensor of another type carries their bits into a session and
 * out of it. A complex tensor is carried by one of real numbers, with a last axis of 2.
 */
final class Carriers {
    private static final Map<DataType, DataType> BY_TYPE = new EnumMap<>(DataType.class);

    static {
        BY_TYPE.put(DataType.DT_INT8, DataType.DT_UINT8);
        BY_TYPE.put(DataType.DT_QINT8, DataType.DT_UINT8);
        BY_TYPE.put(DataType.DT_QUINT8, DataType.DT_UINT8);
        BY_TYPE.put(DataType.DT_INT16, DataType.DT_UINT16);
        BY_TYPE.put(DataType.DT_HALF, DataType.DT_UINT16);
        BY_TYPE.put(DataType.DT_BFLOAT16, DataType.DT_UINT16);
        BY_TYPE.put(DataType.DT_UINT32, DataType.DT_INT32);
        BY_TYPE.put(DataType.DT_QINT32, DataType.DT_INT32);
        BY_TYPE.put(DataType.DT_UINT64, DataType.DT_INT64);
        BY_TYPE.put(DataType.DT_COMPLEX64, DataType.DT_FLOAT);
        BY_TYPE.put(DataType.DT_COMPLEX128, DataType.DT_DOUBLE);
    }

    private static final String SUFFIX = "/portolan_bits";

    private Carriers() {}

    /** Whether tensors of a type are carried by tensors of another type. */
    static boolean carries(DataType type) {
        return BY_TYPE.containsKey(type);
    }

    /**
     * A graph in which placeholders of these types are computed from placeholders of the carrying types.
     *
     * @param placeholders the names of the placeholders that will be fed
     */
    static GraphDef withFeeds(GraphDef graph, Set<String> placeholders) {
        GraphDef.Builder changed = graph.toBuilder().clearNode();
        for (NodeDef node : graph.getNodeList()) {
            DataType type = type(node);
            if (!placeholders.contains(node.getName()) || !carries(type)) {
                changed.addNode(node);
                continue;
            }
            String fed = node.getName() + SUFFIX;
            changed.addNode(NodeDef.newBuilder()
                    .setName(fed)
                    .setOp("Placeholder")
                    .putAttr("dtype", attribute(BY_TYPE.get(type))));
            changed.addNode(NodeDef.newBuilder()
                    .setName(node.getName())
                    .setOp("Bitcast")
                    .addInput(fed)
                    .putAttr("T", attribute(BY_TYPE.get(type)))
                    .putAttr("type", attribute(type)));
        }
        return changed.build();
    }

    /** The tensor that is fed instead of a placeholder in such a graph. */
    static String feed(NodeDef placeholder) {
        return carries(type(placeholder)) ? placeholder.getName() + SUFFIX : placeholder.getName();
    }

    /** The elements of an input as those of the tensor that is fed. */
    static TensorData fed(TensorData tensor, DataType type) {
        DataType carrier = BY_TYPE.get(type);
        return carrier == null ? tensor : tensor.as(TensorFlowTypes.element(carrier));
    }

    /** A tensor to fetch instead of one of these types; an op that makes it is added to the graph. */
    static Output<?> fetch(Output<?> tensor, Graph graph) {
        DataType carrier = BY_TYPE.get(tensor.dataType());
        return carrier == null
                ? tensor
                : graph.baseScope()
                        .opBuilder("Bitcast", "portolan_bits")
                        .addInput(tensor)
                        .setAttr("type", carrier)
                        .build()
                        .output(0);
    }

    /** The elements of a fetched tensor as those of the one that was asked for. */
    static TensorData fetched(TensorData tensor, DataType type) {
        return carries(type) ? tensor.as(TensorFlowTypes.element(type)) : tensor;
    }

    /** Whether a type is carried, and is that ONNX type. */
    static boolean carries(DataType type, OnnxType onnx) {
        return carries(type) && TensorFlowTypes.element(type) == onnx;
    }

    private static DataType type(NodeDef node) {
        return node.getAttrOrDefault("dtype", AttrValue.getDefaultInstance()).getType();
    }

    private static AttrValue attribute(DataType type) {
        return AttrValue.newBuilder().setType(type).build();
    }
}
