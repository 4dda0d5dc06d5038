package io.portolan.graphs.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class CpuSessionTest {
    @Test
    void computesWhatAsksForAGpuOnTheProcessor() {
        DeviceSpec gpu = DeviceSpec.newBuilder()
                .deviceType(DeviceSpec.DeviceType.GPU)
                .deviceIndex(0)
                .build();
        try (Graph graph = new Graph();
                Session session = CpuSession.of(graph)) {
            Ops tf = Ops.create(graph).withDevice(gpu);
            Operand<TFloat32> sum = tf.math.add(tf.constant(1f), tf.constant(2f));
            try (TFloat32 result = (TFloat32) session.runner().fetch(sum).run().get(0)) {
                assertThat(result.getFloat()).isEqualTo(3f);
            }
        }
    }
}
