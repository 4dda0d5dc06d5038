package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Node;
import java.util.List;
import org.tensorflow.proto.NodeDef;

/** A listener that is notified of what each TensorFlow node becomes. */
public interface ConversionListener {
    /** A listener that ignores all events. */
    ConversionListener NONE = new ConversionListener() {};

    /** Called when a function call was inlined. */
    default void inlined(NodeDef call) {}

    /**
     * Called when a node was translated.
     *
     * @param path the name of the node, prefixed with those of the loops and branches that contain it
     * @param appended the ONNX nodes it became, before any pass
     */
    default void translated(String path, NodeDef node, List<Node> appended) {}
}
