package io.portolan.runtime;

import io.portolan.images.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * What {@link EnduranceTest} runs in a process of its own: many threads use one classifier thousands of times, and check each answer.
 * Then says how much memory the process had gained. Arguments: the model and the number of calls.
 */
final class Endurance {
    static final int THREADS = 32;

    /** By then all that is kept has been allotted. */
    private static final int WARM_UP = 3000;

    private final ImageClassifier classifier;
    private final RequestBatcher batcher;
    private final List<float[]> samples;
    private final List<float[]> answers;

    private Endurance(ImageClassifier classifier, RequestBatcher batcher) {
        this.classifier = classifier;
        this.batcher = batcher;
        int size = Shapes.elements(classifier.metadata().input().sampleShape());
        // Short binary fractions, whose sums are exact in any order.
        this.samples = IntStream.range(0, THREADS)
                .mapToObj(thread -> filled(size, thread / 64f))
                .toList();
        this.answers =
                samples.stream().map(sample -> classifier.logits(sample, 1)[0]).toList();
    }

    public static void main(String[] arguments) throws Exception {
        try (ImageClassifier classifier = ImageClassifier.load(
                        Path.of(arguments[0]), RuntimeOptions.latency().withThreads(2));
                RequestBatcher batcher = new RequestBatcher(classifier, 8, Duration.ZERO)) {
            Endurance endurance = new Endurance(classifier, batcher);
            endurance.call(WARM_UP);
            long heap = heap();
            long resident = resident();
            endurance.call(Integer.parseInt(arguments[1]));
            System.out.println("gained " + (heap() - heap) + " " + (resident() - resident));
        }
    }

    /** Every thread makes its share of the calls, by itself and by the batcher in turn. */
    private void call(int calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int mine = thread;
            running.add(threads.submit(() -> {
                for (int call = mine; call < calls; call += THREADS) {
                    float[] answer = call / THREADS % 2 == 0 ? alone(samples.get(mine)) : batched(samples.get(mine));
                    if (!Arrays.equals(answer, answers.get(mine))) {
                        throw new IllegalStateException("call " + call + " got " + Arrays.toString(answer));
                    }
                }
            }));
        }
        for (Future<?> each : running) {
            each.get();
        }
        threads.shutdown();
    }

    private float[] alone(float[] sample) {
        return classifier.logits(sample, 1)[0];
    }

    private float[] batched(float[] sample) {
        List<Float> logits = batcher.classify("sample", sample).logits();
        return new float[] {logits.get(0), logits.get(1)};
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long resident() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(entry -> entry.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }

    private static float[] filled(int size, float value) {
        float[] sample = new float[size];
        Arrays.fill(sample, value);
        return sample;
    }
}
