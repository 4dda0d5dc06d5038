package io.portolan.cli;

import io.portolan.runtime.Device;
import picocli.CommandLine.Option;

/** Where ONNX Runtime computes. */
final class DeviceOption {
    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "DEVICE",
            description =
                    "cpu, or cuda for an NVIDIA GPU (default: ${DEFAULT-VALUE}). The latter needs a build with the profile"
                            + " 'gpu', and leaves no part of the model to the CPU.")
    private Device device;

    Device chosen() {
        return device;
    }
}
