package io.portolan.cli;

import io.portolan.runtime.Device;
import picocli.CommandLine.Option;

/** The option of the device that ONNX Runtime computes on. */
final class DeviceOption {
    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "DEVICE",
            description =
                    "cpu, or cuda for an NVIDIA GPU (default: ${DEFAULT-VALUE}). The latter needs a build with the profile"
                            + " 'gpu', and runs no part of the model on the CPU.")
    private Device device;

    Device chosen() {
        return device;
    }
}
