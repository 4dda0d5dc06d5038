package io.portolan.converter.source;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/**
 * CPU sessions, as the reference of a conversion: a GPU's products round to TF32, and TensorFlow would reserve all of its memory. They
 * run the graph as it is written: what TensorFlow 2.18 fuses for oneDNN can differ by percents from the ops that it fuses.
 */
final class ProcessorSession {
    private ProcessorSession() {}

    static Session of(Graph graph) {
        return new Session(graph, configuration());
    }

    static ConfigProto configuration() {
        return ConfigProto.newBuilder()
                .putDeviceCount("GPU", 0)
                .setAllowSoftPlacement(true)
                .setGraphOptions(GraphOptions.newBuilder()
                        .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)))
                .build();
    }
}
