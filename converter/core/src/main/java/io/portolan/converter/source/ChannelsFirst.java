package io.portolan.converter.source;

import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.TensorName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Gives tensors of a graph that are channels-last (N,…,C) inputs and outputs that are channels-first (N,C,…). */
final class ChannelsFirst {
    private static final int LEAST_RANK = 3;

    private final GraphDef.Builder graph;
    private final Map<TensorName, String> replaced = new LinkedHashMap<>();

    ChannelsFirst(GraphDef graph) {
        this.graph = graph.toBuilder();
    }

    /** A tensor (N,C,…) as (N,…,C). */
    static TensorData last(TensorData tensor) {
        return tensor.transposed(toLast(tensor.shape().length));
    }

    /** A tensor (N,…,C) as (N,C,…). */
    static TensorData first(TensorData tensor) {
        return tensor.transposed(toFirst(tensor.shape().length));
    }

    private static long[] toLast(int rank) {
        return LongStream.concat(LongStream.concat(LongStream.of(0), LongStream.range(2, rank)), LongStream.of(1))
                .toArray();
    }

    private static long[] toFirst(int rank) {
        return LongStream.concat(LongStream.of(0, rank - 1), LongStream.range(1, rank - 1))
                .toArray();
    }

    /** Makes a placeholder channels-first; its consumers get what it was. */
    void input(String placeholder) {
        int index = indexOf(placeholder);
        NodeDef.Builder node = graph.getNodeBuilder(index);
        TensorShapeProto shape =
                node.getAttrOrDefault("shape", AttrValue.getDefaultInstance()).getShape();
        int rank = requireImage(placeholder, shape);
        TensorShapeProto.Builder exchanged = TensorShapeProto.newBuilder();
        for (long axis : toFirst(rank)) {
            exchanged.addDim(shape.getDim((int) axis));
        }
        node.putAttr("shape", AttrValue.newBuilder().setShape(exchanged).build());
        DataType type = node.getAttrOrThrow("dtype").getType();
        replaced.put(new TensorName(placeholder, 0, false), transpose(placeholder, placeholder, type, toLast(rank)));
    }

    /**
     * Adds the channels-first form of a tensor.
     *
     * @param type its element type
     * @param rank its rank
     * @return its name
     */
    String output(String tensor, DataType type, int rank) {
        if (rank < LEAST_RANK) {
            throw notAnImage(tensor);
        }
        TensorName name = TensorName.parse(tensor);
        return transpose(name.node() + "_" + name.index(), tensor, type, toFirst(rank));
    }

    /** The graph with what was changed. */
    GraphDef graph() {
        for (NodeDef.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                String other = replaced.get(TensorName.parse(node.getInput(i)));
                if (other != null && !other.equals(node.getName())) {
                    node.setInput(i, other);
                }
            }
        }
        return graph.build();
    }

    private int indexOf(String node) {
        for (int i = 0; i < graph.getNodeCount(); i++) {
            if (graph.getNode(i).getName().equals(node)) {
                return i;
            }
        }
        throw new IllegalStateException("no node " + node);
    }

    private static int requireImage(String tensor, TensorShapeProto shape) {
        if (shape.getDimCount() < LEAST_RANK) {
            throw notAnImage(tensor);
        }
        return shape.getDimCount();
    }

    private static ConversionException notAnImage(String tensor) {
        return new ConversionException(
                "Tensor " + tensor + " cannot be made channels-first: expected a known rank of at least " + LEAST_RANK,
                ConversionException.Remedy.GIVE_SHAPE);
    }

    private String transpose(String prefix, String tensor, DataType type, long[] permutation) {
        String name = prefix + "/portolan_transpose";
        TensorProto.Builder axes = TensorProto.newBuilder()
                .setDtype(DataType.DT_INT32)
                .setTensorShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(permutation.length)));
        LongStream.of(permutation).forEach(axis -> axes.addIntVal((int) axis));
        AttrValue integers = AttrValue.newBuilder().setType(DataType.DT_INT32).build();
        graph.addNode(NodeDef.newBuilder()
                .setName(name + "/axes")
                .setOp("Const")
                .putAttr("dtype", integers)
                .putAttr("value", AttrValue.newBuilder().setTensor(axes).build()));
        graph.addNode(NodeDef.newBuilder()
                .setName(name)
                .setOp("Transpose")
                .addAllInput(List.of(tensor, name + "/axes"))
                .putAttr("T", AttrValue.newBuilder().setType(type).build())
                .putAttr("Tperm", integers));
        return name;
    }
}
