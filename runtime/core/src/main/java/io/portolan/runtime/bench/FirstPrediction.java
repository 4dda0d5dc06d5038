package io.portolan.runtime.bench;

import io.portolan.runtime.Device;
import io.portolan.runtime.ModelBinding;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The main class that {@link ColdStart} starts in a new process: it loads a model, runs it once and reports that. Then
 * it runs a batch of each requested size and reports the memory.
 *
 * <p>Arguments: file, device, threads, size of open axes or 0, batch sizes.
 */
final class FirstPrediction {
    static final String READY = "ready";
    static final String MEMORY = "memory";

    private static final int FIXED_ARGUMENTS = 4;

    private FirstPrediction() {}

    public static void main(String[] arguments) {
        RuntimeOptions options = RuntimeOptions.latency()
                .withDevice(Device.valueOf(arguments[1]))
                .withThreads(Integer.parseInt(arguments[2]));
        long axes = Long.parseLong(arguments[3]);
        OptionalLong openAxes = axes == 0 ? OptionalLong.empty() : OptionalLong.of(axes);
        try (OnnxModel model = OnnxModel.load(Path.of(arguments[0]), options)) {
            // Binding runs the model once.
            RandomInput.bind(model, 1, openAxes).close();
            System.out.println(READY);
            for (int i = FIXED_ARGUMENTS; i < arguments.length; i++) {
                int batch = (int) RandomInput.fixedBatch(model).orElse(Integer.parseInt(arguments[i]));
                try (ModelBinding binding = RandomInput.bind(model, batch, openAxes)) {
                    binding.run();
                }
                ProcessMemory.now()
                        .ifPresent(memory -> System.out.println(
                                MEMORY + " " + batch + " " + memory.resident() + " " + memory.peak()));
            }
        }
    }
}
