package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Replaces the arrays of tensors of TensorFlow 1 by lists of tensors. Such an array is a resource that ops write to, ordered by a number, its
 * flow, that each of them takes and returns. A list is a value: it takes the place of the flow.
 */
final class TensorArrays {
    private static final String ARRAY = "TensorArrayV3";
    private static final String FROM_TENSOR = "TensorListFromTensor";
    private static final String STACK = "TensorListStack";

    /** Ops that hand a handle on to the inside or the outside of a loop or branch. */
    private static final Set<String> PASSING =
            Set.of("Identity", "Enter", "Exit", "Switch", "Merge", "NextIteration", "RefEnter", "RefSwitch");

    private final Map<String, NodeDef> nodes;
    private final Map<String, NodeDef> added = new LinkedHashMap<>();
    private final Map<String, Function<NodeDef, NodeDef>> rewrites = new HashMap<>();

    private TensorArrays(Map<String, NodeDef> nodes) {
        this.nodes = nodes;
        rewrites.put(ARRAY, this::reserved);
        rewrites.put("TensorArrayReadV3", node -> list(node, "TensorListGetItem", "dtype", 2, 1, element(node)));
        rewrites.put("TensorArrayWriteV3", this::written);
        rewrites.put("TensorArrayGatherV3", this::gathered);
        rewrites.put("TensorArrayScatterV3", this::scattered);
        rewrites.put("TensorArraySizeV3", node -> list(node, "TensorListLength", "", 1));
        rewrites.put("TensorArrayConcatV3", this::concatenated);
        rewrites.put("TensorArraySplitV3", node -> list(node, "TensorListSplit", "T", 1, element(node), 2));
    }

    /** The nodes of a graph, with lists instead of arrays. */
    static Map<String, NodeDef> asLists(Map<String, NodeDef> nodes) {
        return nodes.values().stream().anyMatch(node -> node.getOp().equals(ARRAY))
                ? new TensorArrays(nodes).asLists()
                : nodes;
    }

    private Map<String, NodeDef> asLists() {
        Map<String, NodeDef> lists = new LinkedHashMap<>();
        Set<String> arrays = Set.copyOf(nodes.values().stream()
                .filter(node -> node.getOp().equals(ARRAY))
                .map(NodeDef::getName)
                .toList());
        for (NodeDef node : nodes.values()) {
            NodeDef list = rewrites.getOrDefault(node.getOp(), same -> same).apply(node);
            // The flow was the second output of the array.
            lists.put(
                    node.getName(),
                    Edges.rewired(
                            list,
                            input -> arrays.contains(input.node()) && input.index() == 1
                                    ? new TensorName(input.node(), 0, false)
                                    : input));
        }
        lists.putAll(added);
        return lists;
    }

    private NodeDef reserved(NodeDef array) {
        return NodeDef.newBuilder()
                .setName(array.getName())
                .setOp("TensorListReserve")
                .addInput(shape(array.getName(), elementShape(array)))
                .addInput(array.getInput(0))
                .putAttr("element_dtype", array.getAttrOrThrow("dtype"))
                .build();
    }

    private NodeDef written(NodeDef write) {
        NodeDef list = list(write, "TensorListSetItem", "T", 3, 1, 2);
        return grows(write)
                ? list.toBuilder()
                        .putAttr(
                                "resize_if_index_out_of_bounds",
                                AttrValue.newBuilder().setB(true).build())
                        .build()
                : list;
    }

    private NodeDef gathered(NodeDef gather) {
        return isRange(gather.getInput(1)) && isSize(gather.getInput(1))
                ? list(gather, STACK, "dtype", 2, element(gather))
                : list(gather, "TensorListGather", "dtype", 2, 1, element(gather));
    }

    /** Elements that are stored in a new array from its beginning on make up the list: TensorFlow does not read elements that were not stored. */
    private NodeDef scattered(NodeDef scatter) {
        NodeDef flow = nodes.get(TensorName.parse(scatter.getInput(3)).node());
        boolean isNew = flow != null && flow.getOp().equals(ARRAY);
        return isNew && isRange(scatter.getInput(1)) && !grows(scatter)
                ? list(scatter, FROM_TENSOR, "T", 2, element(scatter))
                : list(scatter, "TensorListScatterIntoExistingList", "T", 3, 2, 1);
    }

    private NodeDef concatenated(NodeDef concat) {
        String none = concat.getName() + "/leading";
        added.put(none, constant(none, DataType.DT_INT64, new long[0], true));
        return list(concat, "TensorListConcatV2", "dtype", 1, element(concat), none);
    }

    /** Whether indices are 0, 1, 2, ... to some limit. */
    private boolean isRange(String indices) {
        NodeDef range = nodes.get(TensorName.parse(indices).node());
        return range != null
                && range.getOp().equals("Range")
                && isNumber(range.getInput(0), 0)
                && isNumber(range.getInput(2), 1);
    }

    /** Whether the limit of a range is the number of elements of an array. */
    private boolean isSize(String range) {
        NodeDef limit = nodes.get(
                TensorName.parse(nodes.get(TensorName.parse(range).node()).getInput(1))
                        .node());
        return limit != null && limit.getOp().equals("TensorArraySizeV3");
    }

    private boolean isNumber(String tensor, long number) {
        NodeDef node = nodes.get(TensorName.parse(tensor).node());
        return node != null && TensorProtos.scalar(node).equals(OptionalLong.of(number));
    }

    /** A node on lists; of its inputs, numbers are those of the node before, texts are other tensors. */
    private static NodeDef list(NodeDef node, String op, String typeAttribute, Object... inputs) {
        NodeDef.Builder list = NodeDef.newBuilder().setName(node.getName()).setOp(op);
        for (Object input : inputs) {
            list.addInput(input instanceof Integer index ? node.getInput(index) : input.toString());
        }
        node.getInputList().stream().filter(input -> input.startsWith("^")).forEach(list::addInput);
        if (!typeAttribute.isEmpty()) {
            list.putAttr("element_dtype", node.getAttrOrThrow(typeAttribute));
        }
        return list.build();
    }

    /** A constant with the shape of the elements of the array that a node uses. */
    private String element(NodeDef user) {
        return shape(user.getName(), elementShape(array(user)));
    }

    private boolean grows(NodeDef user) {
        return array(user)
                .getAttrOrDefault("dynamic_size", AttrValue.getDefaultInstance())
                .getB();
    }

    private static Optional<TensorShapeProto> elementShape(NodeDef array) {
        return Optional.of(array.getAttrOrDefault("element_shape", AttrValue.getDefaultInstance()))
                .filter(AttrValue::hasShape)
                .map(AttrValue::getShape)
                .filter(shape -> !shape.getUnknownRank());
    }

    /** The array whose handle is the first input of a node. */
    private NodeDef array(NodeDef user) {
        NodeDef node = nodes.get(TensorName.parse(user.getInput(0)).node());
        for (int steps = 0; node != null && PASSING.contains(node.getOp()) && steps < nodes.size(); steps++) {
            node = nodes.get(TensorName.parse(node.getInput(0)).node());
        }
        if (node == null || !node.getOp().equals(ARRAY)) {
            throw new ConversionException(
                    user.getName(), user.getOp(), "expected as input 0 the handle of one " + ARRAY, null);
        }
        return node;
    }

    private String shape(String user, Optional<TensorShapeProto> shape) {
        String name = user + "/element_shape";
        while (nodes.containsKey(name)) {
            name += "_";
        }
        long[] sizes = shape.map(known -> known.getDimList().stream()
                        .mapToLong(TensorShapeProto.Dim::getSize)
                        .toArray())
                .orElse(new long[] {-1});
        added.put(name, constant(name, DataType.DT_INT64, sizes, shape.isPresent()));
        return name;
    }

    private static NodeDef constant(String name, DataType type, long[] numbers, boolean isVector) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setDtype(type)
                .setTensorShape(isVector ? ConstantNodes.shape(numbers.length) : ConstantNodes.shape());
        for (long number : numbers) {
            tensor.addInt64Val(number);
        }
        return ConstantNodes.of(name, tensor.build());
    }
}
