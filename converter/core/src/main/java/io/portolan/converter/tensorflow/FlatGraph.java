package io.portolan.converter.tensorflow;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * What computes some tensors: the nodes of a graph or of a function, without calls of functions.
 *
 * @param nodes by name
 * @param results the tensors, in the order in which they were asked for
 */
record FlatGraph(Map<String, NodeDef> nodes, List<TensorName> results) {
    /** Types of tensors that stand for something else than numbers: a list, or where a variable is kept. */
    private static final Set<DataType> HANDLES = Set.of(DataType.DT_VARIANT, DataType.DT_RESOURCE);

    /** Whether a node only gives another name to a list or a variable. */
    static boolean isHandleIdentity(NodeDef node) {
        return node.getOp().equals("Identity")
                && node.containsAttr("T")
                && HANDLES.contains(node.getAttrOrThrow("T").getType());
    }

    /** A node that something refers to. */
    NodeDef node(String name, String wantedBy) {
        NodeDef node = nodes.get(name);
        if (node == null) {
            throw new ConversionException("The graph has no node " + name + ", which " + wantedBy + " refers to");
        }
        return node;
    }

    /** Where a tensor comes from, beyond nodes that hand on what they get. */
    TensorName origin(TensorName tensor) {
        TensorName name = tensor;
        NodeDef node = nodes.get(name.node());
        // A cycle of such nodes ends the walk too: it cannot be longer than there are nodes.
        for (int steps = 0; node != null && node.getOp().equals("Identity") && steps < nodes.size(); steps++) {
            name = TensorName.parse(node.getInput(0));
            node = nodes.get(name.node());
        }
        return name;
    }

    /** The tensor that a node takes, beyond nodes that hand on what they get. */
    TensorName input(NodeDef node, int index) {
        return origin(TensorName.parse(node.getInput(index)));
    }
}
