package io.portolan.runtime.bench;

import io.portolan.runtime.CallPool;
import io.portolan.runtime.Device;
import io.portolan.runtime.ModelBinding;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A benchmark of models on random input without copying, so that it measures the work of ONNX Runtime. All models are
 * open in all settings at once, and their runs are interleaved.
 *
 * @param models the files of ONNX models with float32 inputs
 * @param device the device to compute on
 * @param batches batch sizes; a model with a fixed batch uses its own
 * @param threads numbers of CPU threads
 * @param runs timed runs of a batch of one; larger batches process the same number of samples, in at least
 *     {@value #FEWEST_RUNS} runs
 * @param warmUps untimed runs of each before
 * @param openAxes size for open axes other than the first; empty if there are none
 */
public record ModelBench(
        List<Path> models,
        Device device,
        List<Integer> batches,
        List<Integer> threads,
        int runs,
        int warmUps,
        OptionalLong openAxes) {

    /** Fewer runs would not show the spread of the times. */
    public static final int FEWEST_RUNS = 5;

    private record Candidate(Path model, Setting setting, int samples, InterleavedTiming.Task task) {}

    /** A listener for the progress of a measurement. */
    @FunctionalInterface
    public interface Progress {
        void done(int runs, int ofRuns);
    }

    public ModelBench {
        models = List.copyOf(models);
        batches = List.copyOf(batches);
        threads = List.copyOf(threads);
        if (models.isEmpty() || batches.isEmpty() || threads.isEmpty() || runs < 1 || warmUps < 0) {
            throw new IllegalArgumentException("nothing to measure");
        }
    }

    /**
     * Measures the models.
     *
     * @return all settings of the first model, then those of the next
     * @throws io.portolan.runtime.ModelException if a model cannot be loaded or run
     * @throws IllegalArgumentException if an input has an open axis other than the first, and {@code openAxes} is empty
     */
    public List<Measurement> measure(Progress progress) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        try {
            List<Candidate> candidates = new ArrayList<>();
            for (Path model : models) {
                for (RuntimeOptions options : options()) {
                    candidates.addAll(candidates(model, options, open));
                }
            }
            List<InterleavedTiming.Task> tasks =
                    candidates.stream().map(Candidate::task).toList();
            int total = tasks.stream().mapToInt(task -> task.runs() + warmUps).sum();
            int[] done = {0};
            List<Timings> timings = InterleavedTiming.measure(tasks, warmUps, () -> progress.done(++done[0], total));
            List<Measurement> measurements = new ArrayList<>();
            for (int i = 0; i < timings.size(); i++) {
                Candidate candidate = candidates.get(i);
                measurements.add(
                        new Measurement(candidate.model(), candidate.setting(), candidate.samples(), timings.get(i)));
            }
            return measurements;
        } finally {
            open.forEach(ModelBench::close);
        }
    }

    /** With one thread, or on a GPU, both modes are the same. */
    private List<RuntimeOptions> options() {
        List<RuntimeOptions> options = new ArrayList<>();
        for (int count : threads) {
            options.add(RuntimeOptions.latency().withDevice(device).withThreads(count));
            if (count > 1 && device == Device.CPU) {
                options.add(RuntimeOptions.throughput().withThreads(count));
            }
        }
        return options;
    }

    private List<Candidate> candidates(Path file, RuntimeOptions options, Deque<AutoCloseable> open) {
        OnnxModel shared = load(file, options, open);
        CallPool calls = new CallPool(options.concurrentCalls());
        open.push(calls);
        List<Candidate> candidates = new ArrayList<>();
        for (int batch : batchesOf(shared)) {
            // On a GPU, cuDNN plans the convolutions anew at each change of a session's batch, which takes 15 ms:
            // interleaved runs of one session would measure that.
            OnnxModel model = device == Device.CPU ? shared : load(file, options, open);
            List<Runnable> atOnce = new ArrayList<>();
            for (int call = 0; call < options.concurrentCalls(); call++) {
                ModelBinding binding = RandomInput.bind(model, batch, openAxes);
                open.push(binding);
                atOnce.add(binding::run);
            }
            candidates.add(new Candidate(
                    file,
                    new Setting(options.mode(), options.threads(), batch),
                    Math.multiplyExact(batch, atOnce.size()),
                    new InterleavedTiming.Task(() -> calls.runAll(atOnce), Math.max(FEWEST_RUNS, runs / batch))));
        }
        return candidates;
    }

    private static OnnxModel load(Path file, RuntimeOptions options, Deque<AutoCloseable> open) {
        OnnxModel model = OnnxModel.load(file, options);
        open.push(model);
        return model;
    }

    private Set<Integer> batchesOf(OnnxModel model) {
        OptionalLong fixed = RandomInput.fixedBatch(model);
        return fixed.isPresent() ? Set.of(Math.toIntExact(fixed.getAsLong())) : new LinkedHashSet<>(batches);
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
