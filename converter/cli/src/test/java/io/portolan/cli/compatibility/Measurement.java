package io.portolan.cli.compatibility;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Runs something often enough, but not for long, as the JavaScript engines do. */
final class Measurement {
    private static final int MOST_RUNS = 9;
    private static final double MILLISECONDS = 500;
    private static final double NANOS = 1e6;

    private Measurement() {}

    /** The result of a run, and the median time of those after it. */
    static Engine.Answer of(Supplier<float[]> run) {
        float[] logits = run.get();
        List<Double> times = new ArrayList<>();
        long start = System.nanoTime();
        while (times.isEmpty() || (times.size() < MOST_RUNS && (System.nanoTime() - start) / NANOS < MILLISECONDS)) {
            long before = System.nanoTime();
            logits = run.get();
            times.add((System.nanoTime() - before) / NANOS);
        }
        times.sort(null);
        return new Engine.Answer(logits, times.get(times.size() / 2));
    }
}
