package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ConcurrencyTest {
    private static final int THREADS = 8;
    private static final int CALLS = 50;
    private static final BufferedImage[] IMAGES =
            {TestImages.uniform(40, 30, 30), TestImages.uniform(90, 30, 30), TestImages.uniform(240, 30, 30)};

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @TempDir
    private Path folder;

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource(Goal.class)
    void answersAllThreadsAlike(Goal goal) throws Exception {
        try (ImageClassifier classifier = load(goal)) {
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

    @ParameterizedTest
    @EnumSource(Goal.class)
    void closesUnderThreadsThatGoOnAsking(Goal goal) throws Exception {
        ImageClassifier classifier = load(goal);
        CountDownLatch busy = new CountDownLatch(THREADS);
        List<Future<Boolean>> results = onEveryThread(() -> {
            while (true) {
                classifier.classify(IMAGES);
                busy.countDown();
            }
        });
        busy.await();
        classifier.close();
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

    private ImageClassifier load(Goal goal) {
        Path file = TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(16, 16));
        return ImageClassifier.load(file, RuntimeOptions.defaults().withGoal(goal).withThreads(2), 2);
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
