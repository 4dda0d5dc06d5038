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

/** Where TensorFlow computes. */
public enum Device {
    /** The processor, even where there is a GPU. */
    CPU,
    /** The GPU; sessions are refused where TensorFlow sees none. */
    GPU,
    /** The GPU if there is one, otherwise the processor. */
    AUTO;

    /** The name as it is typed. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Where sessions on this device compute: {@link #CPU} or {@link #GPU}.
     *
     * @throws DeviceException if there is no such device
     */
    public Device resolved() {
        boolean gpu = this != CPU && gpuIsVisible();
        if (this == GPU && !gpu) {
            throw new DeviceException(
                    "TensorFlow sees no GPU; it needs an NVIDIA GPU with its driver, CUDA 12 and cuDNN 9 where the"
                            + " dynamic linker finds them, and its native library for GPUs on the class path (TF_CPP_MIN_LOG_LEVEL=0 shows"
                            + " what it misses). The device cpu works everywhere");
        }
        return gpu ? GPU : CPU;
    }

    /**
     * A session on this device. On a GPU it takes memory as it needs it, rather than all there is.
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

    private static ConfigProto.Builder onGpu() {
        return ConfigProto.newBuilder().setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
    }

    /** Asks by trying: TensorFlow Java does not list devices. */
    private static boolean gpuIsVisible() {
        DeviceSpec gpu = DeviceSpec.newBuilder()
                .deviceType(DeviceSpec.DeviceType.GPU)
                .deviceIndex(0)
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
