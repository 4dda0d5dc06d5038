package io.portolan.graphs.ops;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/**
 * Sessions that compute on the CPU and do not touch a GPU: by default, TensorFlow would allocate nearly all of its
 * memory, and round the operands of products. Nodes that request a GPU run on the CPU too.
 */
public final class CpuSession {
    private CpuSession() {}

    public static Session of(Graph graph) {
        return new Session(graph, configuration());
    }

    /** The configuration for sessions that TensorFlow opens itself. */
    public static ConfigProto configuration() {
        return ConfigProto.newBuilder()
                .putDeviceCount("GPU", 0)
                .setAllowSoftPlacement(true)
                .build();
    }
}
