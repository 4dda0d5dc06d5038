package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * The nodes of a graph or of a function that compute some tensors, with function calls inlined.
 *
 * @param nodes by name
 * @param results the tensors, in the requested order
 */
record FlatGraph(Map<String, NodeDef> nodes, List<TensorName> results) {
    /** Types of tensors that are handles: of a list or of a variable. */
    private static final Set<DataType> HANDLES = Set.of(DataType.DT_VARIANT, DataType.DT_RESOURCE);

    /** Whether a node is an identity of a handle. */
    static boolean isHandleIdentity(NodeDef node) {
        return node.getOp().equals("Identity")
                && node.containsAttr("T")
                && HANDLES.contains(node.getAttrOrThrow("T").getType());
    }

    /** The node of a name that something refers to. */
    NodeDef node(String name, String wantedBy) {
        NodeDef node = nodes.get(name);
        if (node == null) {
            throw new ConversionException("The graph has no node " + name + ", which " + wantedBy + " refers to");
        }
        return node;
    }

    /** The origin of a tensor, before any identities of handles. */
    TensorName origin(TensorName tensor) {
        TensorName name = tensor;
        NodeDef node = nodes.get(name.node());
        // A cycle of identities ends the walk too: it takes at most as many steps as there are nodes.
        for (int steps = 0; node != null && node.getOp().equals("Identity") && steps < nodes.size(); steps++) {
            name = TensorName.parse(node.getInput(0));
            node = nodes.get(name.node());
        }
        return name;
    }

    /** The origin of an input of a node, before any identities of handles. */
    TensorName input(NodeDef node, int index) {
        return origin(TensorName.parse(node.getInput(index)));
    }
}
