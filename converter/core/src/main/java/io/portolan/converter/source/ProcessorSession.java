package io.portolan.converter.source;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/** CPU sessions, as the reference of a conversion: a GPU's products round to TF32, and TensorFlow would reserve all of its memory. */
final class ProcessorSession {
    private ProcessorSession() {}

    static Session of(Graph graph) {
        return new Session(graph, configuration());
    }

    static ConfigProto configuration() {
        return ConfigProto.newBuilder()
                .putDeviceCount("GPU", 0)
                .setAllowSoftPlacement(true)
                .build();
    }
}
