package io.portolan.graphs.ops;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * Sessions that compute on the CPU and do not touch a GPU: by default, TensorFlow would allocate nearly all of its
 * memory, and round the operands of products. Nodes that request a GPU run on the CPU too.
 */
public final class CpuSession {
    private CpuSession() {}

    public static Session of(Graph graph) {
        return new Session(graph, configuration());
    }

    /** A session for a graph that runs a few times with each list of fetches. */
    public static Session unoptimized(Graph graph) {
        return new Session(graph, unoptimizedConfiguration());
    }

    /** The configuration for sessions that TensorFlow opens itself. */
    public static ConfigProto configuration() {
        return ConfigProto.newBuilder()
                .putDeviceCount("GPU", 0)
                .setAllowSoftPlacement(true)
                .build();
    }

    /**
     * The configuration for computing the nodes as they are. TensorFlow optimises a graph once for every new list of fetches, which
     * takes seconds for gradients of thousands of nodes, and then rounds differently.
     */
    public static ConfigProto unoptimizedConfiguration() {
        return configuration().toBuilder()
                .setGraphOptions(GraphOptions.newBuilder()
                        .setOptimizerOptions(OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0))
                        .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)))
                .build();
    }
}
