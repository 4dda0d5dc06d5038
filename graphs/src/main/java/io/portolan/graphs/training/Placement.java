package io.portolan.graphs.training;

import io.portolan.graphs.ops.CpuSession;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.tensorflow.proto.ConfigProto;

/**
 * Where the steps of a training are computed: each batch is divided among devices of one kind. On the CPU these are parts of it that
 * TensorFlow treats as devices, which is of use only to try what several GPUs will compute.
 *
 * @param device the kind of device
 * @param replicas the number of devices, each with a copy of the model
 */
public record Placement(Device device, int replicas) {

    /** @throws IllegalArgumentException if there is no replica */
    public Placement {
        if (replicas < 1) {
            throw new IllegalArgumentException("expected at least one replica, got " + replicas);
        }
    }

    /** A single device. */
    public static Placement on(Device device) {
        return new Placement(device, 1);
    }

    /** Whether batches are divided. */
    public boolean isDivided() {
        return replicas > 1;
    }

    /**
     * The names of the devices in TensorFlow.
     *
     * @throws DeviceException if there are fewer
     */
    List<String> names() {
        Device resolved = device.resolved();
        if (resolved == Device.GPU) {
            resolved.requireGpus(replicas);
        }
        return IntStream.range(0, replicas)
                .mapToObj(i -> "/device:" + resolved.name() + ":" + i)
                .toList();
    }

    /** The configuration of the session of one replica. */
    ConfigProto configuration() {
        return device.isGpu()
                ? Device.onGpu().setAllowSoftPlacement(true).build()
                : CpuSession.configuration().toBuilder()
                        .putDeviceCount(Device.CPU.name(), replicas)
                        // Every op has a kernel here, so none needs to run elsewhere than its node says.
                        .setAllowSoftPlacement(false)
                        .build();
    }

    /** The device and the number of replicas, if there are several. */
    public String label() {
        return isDivided() ? String.format(Locale.ROOT, "%d x %s", replicas, device.label()) : device.label();
    }
}
