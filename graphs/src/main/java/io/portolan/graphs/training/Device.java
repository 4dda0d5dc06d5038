package io.portolan.graphs.training;

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
     * A session on this device. On a GPU it takes memory as it needs it, rather than all there is.
     *
     * @throws DeviceException if there is no such device
     */
    Session open(Graph graph) {
        if (this == GPU && !gpuIsVisible()) {
            throw new DeviceException("TensorFlow sees no GPU; it needs an NVIDIA GPU with its driver, and TensorFlow's native"
                    + " library for GPUs on the class path. --device cpu works everywhere");
        }
        return new Session(graph, configuration());
    }

    /** Whether a session on this device computes on a GPU. */
    boolean isGpu() {
        return this != CPU && gpuIsVisible();
    }

    private ConfigProto configuration() {
        ConfigProto.Builder configuration = ConfigProto.newBuilder()
                .setAllowSoftPlacement(true)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
        if (this == CPU) {
            configuration.putDeviceCount("GPU", 0);
        }
        return configuration.build();
    }

    /** Asks by trying: TensorFlow Java does not list devices. */
    private static boolean gpuIsVisible() {
        DeviceSpec gpu = DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(0).build();
        ConfigProto strict = GPU.configuration().toBuilder().setAllowSoftPlacement(false).build();
        try (Graph graph = new Graph(); Session session = new Session(graph, strict)) {
            session.runner().fetch(Ops.create(graph).withDevice(gpu).constant(0f)).run().close();
            return true;
        } catch (TensorFlowException | IllegalArgumentException noSuchDevice) {
            return false;
        }
    }
}
