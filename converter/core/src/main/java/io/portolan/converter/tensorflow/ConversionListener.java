package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Node;
import java.util.List;
import org.tensorflow.proto.NodeDef;

/** Hears what becomes of each TensorFlow node. */
public interface ConversionListener {
    /** Listens to nothing. */
    ConversionListener NONE = new ConversionListener() {};

    /** The nodes of a function stand in the place of this call. */
    default void inlined(NodeDef call) {}

    /**
     * A node was translated.
     *
     * @param path the name of the node, behind those of the loops and branches that it stands in
     * @param appended what it became, before anything was simplified
     */
    default void translated(String path, NodeDef node, List<Node> appended) {}
}
