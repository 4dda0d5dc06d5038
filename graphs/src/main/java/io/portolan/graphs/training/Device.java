package io.portolan.graphs.training;

import io.portolan.graphs.ops.CpuSession;
import java.util.Locale;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** The device on which TensorFlow computes. */
public enum Device {
    /** The CPU, even if there is a GPU. */
    CPU,
    /** The GPU; sessions are refused if TensorFlow finds none. */
    GPU,
    /** The GPU if there is one, otherwise the CPU. */
    AUTO;

    /** The name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The device that sessions actually use: {@link #CPU} or {@link #GPU}.
     *
     * @throws DeviceException if there is no such device
     */
    public Device resolved() {
        boolean gpu = this != CPU && gpuIsVisible(0);
        if (this == GPU && !gpu) {
            throw new DeviceException(
                    "TensorFlow finds no GPU; it needs an NVIDIA GPU with its driver, CUDA 12 and cuDNN 9 where the"
                            + " dynamic linker finds them, and its native library for GPUs on the class path (TF_CPP_MIN_LOG_LEVEL=0 shows"
                            + " what it misses). The device cpu works everywhere");
        }
        return gpu ? GPU : CPU;
    }

    /**
     * Opens a session on this device. On a GPU, memory is allocated as needed instead of all at once.
     *
     * @throws DeviceException if there is no such device
     */
    Session open(Graph graph) {
        return resolved() == GPU
                ? new Session(graph, onGpu().setAllowSoftPlacement(true).build())
                : CpuSession.of(graph);
    }

    /** Whether a session on this device computes on a GPU. */
    boolean isGpu() {
        return resolved() == GPU;
    }

    /**
     * Tests for several GPUs.
     *
     * @throws DeviceException if there are fewer
     */
    void requireGpus(int count) {
        for (int i = 0; i < count; i++) {
            if (!gpuIsVisible(i)) {
                throw new DeviceException("TensorFlow finds " + i + " GPUs, not " + count + "; use fewer replicas");
            }
        }
    }

    static ConfigProto.Builder onGpu() {
        return ConfigProto.newBuilder().setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
    }

    /** Tests for a GPU by using it, because TensorFlow Java does not list devices. */
    private static boolean gpuIsVisible(int index) {
        DeviceSpec gpu = DeviceSpec.newBuilder()
                .deviceType(DeviceSpec.DeviceType.GPU)
                .deviceIndex(index)
                .build();
        try (Graph graph = new Graph();
                Session session = new Session(graph, onGpu().build())) {
            session.runner()
                    .fetch(Ops.create(graph).withDevice(gpu).constant(0f))
                    .run()
                    .close();
            return true;
        } catch (TensorFlowException | IllegalArgumentException noSuchDevice) {
            return false;
        }
    }
}
