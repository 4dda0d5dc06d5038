package io.portolan.converter.source;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;

/** Sessions that a conversion is compared with compute on the processor: a GPU's products round to TF32, and it would be taken whole. */
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
