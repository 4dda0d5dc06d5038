package io.portolan.converter.source;

import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.ConstantNodes;
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
        return tensor.transposed(Shapes.channelsLast(tensor.shape().length));
    }

    /** A tensor (N,…,C) as (N,C,…). */
    static TensorData first(TensorData tensor) {
        return tensor.transposed(Shapes.channelsFirst(tensor.shape().length));
    }

    /** Makes a placeholder channels-first; its consumers get what it was. */
    void input(String placeholder) {
        int index = indexOf(placeholder);
        NodeDef.Builder node = graph.getNodeBuilder(index);
        TensorShapeProto shape =
                node.getAttrOrDefault("shape", AttrValue.getDefaultInstance()).getShape();
        int rank = shape.getDimCount();
        requireImage(placeholder, rank);
        TensorShapeProto.Builder exchanged = TensorShapeProto.newBuilder();
        for (long axis : Shapes.channelsFirst(rank)) {
            exchanged.addDim(shape.getDim((int) axis));
        }
        node.putAttr("shape", AttrValue.newBuilder().setShape(exchanged).build());
        DataType type = node.getAttrOrThrow("dtype").getType();
        replaced.put(
                new TensorName(placeholder, 0, false),
                transpose(placeholder, placeholder, type, Shapes.channelsLast(rank)));
    }

    /**
     * Adds the channels-first form of a tensor.
     *
     * @param type its element type
     * @param rank its rank
     * @return its name
     */
    String output(String tensor, DataType type, int rank) {
        requireImage(tensor, rank);
        TensorName name = TensorName.parse(tensor);
        return transpose(name.node() + "_" + name.index(), tensor, type, Shapes.channelsFirst(rank));
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

    private static void requireImage(String tensor, int rank) {
        if (rank < LEAST_RANK) {
            throw new ConversionException(
                    "Tensor " + tensor + " cannot be made channels-first: expected a known rank of at least "
                            + LEAST_RANK,
                    ConversionException.Remedy.GIVE_SHAPE);
        }
    }

    private String transpose(String prefix, String tensor, DataType type, long[] permutation) {
        String name = prefix + "/portolan_transpose";
        TensorProto.Builder axes = TensorProto.newBuilder()
                .setDtype(DataType.DT_INT32)
                .setTensorShape(ConstantNodes.shape(permutation.length));
        LongStream.of(permutation).forEach(axis -> axes.addIntVal((int) axis));
        graph.addNode(ConstantNodes.of(name + "/axes", axes.build()));
        graph.addNode(NodeDef.newBuilder()
                .setName(name)
                .setOp("Transpose")
                .addAllInput(List.of(tensor, name + "/axes"))
                .putAttr("T", AttrValue.newBuilder().setType(type).build())
                .putAttr(
                        "Tperm",
                        AttrValue.newBuilder().setType(DataType.DT_INT32).build()));
        return name;
    }
}
