package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.images.ImageInput;
import io.portolan.images.TestImages;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ConcurrencyTest {
    private static final int THREADS = 32;
    private static final int CALLS = 20;
    private static final BufferedImage[] IMAGES = {
        TestImages.uniform(40, 30, 30), TestImages.uniform(90, 30, 30), TestImages.uniform(240, 30, 30)
    };

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @TempDir
    private Path folder;

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(PerformanceMode.class)
    void answersAllThreadsAlike(PerformanceMode mode) throws Exception {
        try (ImageClassifier classifier = load(folder, mode)) {
            List<Prediction> expected = classifier.classify(IMAGES);
            List<Future<Boolean>> results = onEveryThread(() -> {
                for (int call = 0; call < CALLS; call++) {
                    if (!classifier.classify(IMAGES).equals(expected)) {
                        return false;
                    }
                }
                return true;
            });
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    /** Something that threads use and one of them closes. */
    private record Shared(String name, Runnable use, Runnable close) {}

    private static Stream<Shared> shared(Path folder) {
        ImageClassifier soon = load(folder, PerformanceMode.LATENCY);
        ImageClassifier many = load(folder, PerformanceMode.THROUGHPUT);
        ImageClassifier batched = load(folder, PerformanceMode.LATENCY);
        RequestBatcher batcher = new RequestBatcher(batched, 4, Duration.ofMillis(1));
        ImageClassifier taken = load(folder, PerformanceMode.LATENCY);
        RequestBatcher orphan = new RequestBatcher(taken, 4, Duration.ofMillis(1));
        byte[] sum = TinyModels.sumAndDifference().build().toByteArray();
        OnnxModel model = OnnxModel.load("sum", sum, RuntimeOptions.defaults());
        OnnxModel asked = OnnxModel.load("sum", sum, RuntimeOptions.defaults());
        OnnxModel bound = OnnxModel.load("sum", sum, RuntimeOptions.defaults());
        Tensor one = Tensor.allocate(ElementType.FLOAT, 1, 2);
        return Stream.of(
                new Shared("a classifier, for latency", () -> soon.classify(IMAGES), soon::close),
                new Shared("a classifier, for throughput", () -> many.classify(IMAGES), many::close),
                new Shared("a batcher", () -> batcher.classify("image", IMAGES[0]), batcher::close),
                new Shared("the classifier of a batcher", () -> orphan.classify("image", IMAGES[0]), taken::close),
                new Shared("a model", () -> model.run(Map.of("a", one, "b", one)), model::close),
                new Shared("the inputs of a model", asked::inputs, asked::close),
                new Shared(
                        "a model being bound",
                        () -> bound.bind(Map.of("a", one.shape(), "b", one.shape()))
                                .close(),
                        bound::close));
    }

    @TestFactory
    Stream<DynamicTest> closesUnderThreadsThatGoOnAsking() {
        return shared(folder).map(each -> DynamicTest.dynamicTest(each.name(), () -> closesUnderThreads(each)));
    }

    private void closesUnderThreads(Shared shared) throws Exception {
        CountDownLatch busy = new CountDownLatch(THREADS);
        List<Future<Boolean>> results = onEveryThread(() -> {
            while (true) {
                shared.use().run();
                busy.countDown();
            }
        });
        busy.await();
        shared.close().run();
        for (Future<Boolean> result : results) {
            assertThatThrownBy(result::get).hasRootCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closingWaitsForTheActionThatRuns() throws Exception {
        CloseGuard guard = new CloseGuard("resource");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        Future<Object> action = threads.submit(() -> guard.whileOpen(() -> {
            inside.countDown();
            awaitQuietly(mayLeave);
            // A nested use must not wait for the close that waits for it.
            return guard.whileOpen(() -> events.add("used"));
        }));
        inside.await();
        Future<?> closing = threads.submit(() -> guard.close(() -> events.add("released")));
        mayLeave.countDown();
        action.get();
        closing.get();

        assertThat(events).containsExactly("used", "released");
    }

    private static ImageClassifier load(Path folder, PerformanceMode mode) {
        Path file = TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(16, 16));
        return ImageClassifier.load(
                file, RuntimeOptions.defaults().withMode(mode).withThreads(2), 2);
    }

    private List<Future<Boolean>> onEveryThread(Callable<Boolean> work) {
        List<Future<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            results.add(threads.submit(work));
        }
        return results;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
