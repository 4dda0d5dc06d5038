package io.portolan.graphs.ops;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/**
 * Sessions that compute on the processor and leave a GPU alone: by default, TensorFlow would take nearly all of its memory, and round
 * the operands of products. Nodes that ask for a GPU are computed on the processor too.
 */
public final class CpuSession {
    private CpuSession() {}

    public static Session of(Graph graph) {
        return new Session(graph, configuration());
    }

    /** For sessions that TensorFlow opens itself. */
    public static ConfigProto configuration() {
        return ConfigProto.newBuilder()
                .putDeviceCount("GPU", 0)
                .setAllowSoftPlacement(true)
                .build();
    }
}
