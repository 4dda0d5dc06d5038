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
 * Times models on random input, in place: what is measured is ONNX Runtime's work. All models are held open in all
 * settings at once and take turns.
 *
 * @param models the files; any ONNX model with float32 inputs
 * @param device where to compute
 * @param batches samples in a call; a model with a fixed batch keeps to its own
 * @param threads numbers of CPU threads
 * @param runs timed runs of a batch of one; larger batches get as many samples, and at least {@value #FEWEST_RUNS} runs
 * @param warmUps runs of each before the clock counts
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

    /** Less would say nothing about how times scatter. */
    public static final int FEWEST_RUNS = 5;

    private record Candidate(Path model, Setting setting, int samples, InterleavedTiming.Task task) {}

    /** Told how far a measurement is. */
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
     * @return all settings of the first model, then of the next
     * @throws io.portolan.runtime.ModelException if a model cannot be loaded or run
     * @throws IllegalArgumentException if an input leaves an axis open that is not the first, and {@code openAxes} is empty
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

    /** With one thread, or on a GPU, sharing a call and calling side by side are the same. */
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
        CallPool calls = new CallPool(options.callsAtATime());
        open.push(calls);
        List<Candidate> candidates = new ArrayList<>();
        for (int batch : batchesOf(shared)) {
            // On a GPU, each change of a session's batch has cuDNN plan the convolutions anew, 15 ms: turns would time
            // that.
            OnnxModel model = device == Device.CPU ? shared : load(file, options, open);
            List<Runnable> atOnce = new ArrayList<>();
            for (int call = 0; call < options.callsAtATime(); call++) {
                ModelBinding binding = RandomInput.bind(model, batch, openAxes);
                open.push(binding);
                atOnce.add(binding::run);
            }
            candidates.add(new Candidate(
                    file,
                    new Setting(options.goal(), options.threads(), batch),
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
