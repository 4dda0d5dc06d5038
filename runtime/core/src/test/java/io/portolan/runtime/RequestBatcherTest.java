package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.images.ImageInput;
import io.portolan.images.PreprocessingException;
import io.portolan.images.Shapes;
import io.portolan.images.TestImages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class RequestBatcherTest {
    private static final ImageInput INPUT = ImageInput.still(4, 8);
    private static final int CALLERS = 8;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

    @TempDir
    private Path folder;

    private ImageClassifier classifier;

    @BeforeEach
    void load() {
        classifier = classifier(RuntimeOptions.defaults());
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        classifier.close();
    }

    /** Short binary fractions, whose sums are exact in any order: whatever kernel a batch gets, it must answer the same. */
    @ParameterizedTest
    @EnumSource(PerformanceMode.class)
    void answersEachCallerAsTheClassifierWould(PerformanceMode mode) throws Exception {
        try (ImageClassifier answering =
                        classifier(RuntimeOptions.defaults().withMode(mode).withThreads(2));
                RequestBatcher batcher = new RequestBatcher(answering, 3, Duration.ofMillis(1))) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                float[] sample = filled(caller / 64f);
                List<Float> alone =
                        classifier.classify(List.of("alone"), sample).get(0).logits();
                results.add(callers.submit(() -> {
                    for (int call = 0; call < 100; call++) {
                        if (!batcher.classify("mine", sample).logits().equals(alone)) {
                            return false;
                        }
                    }
                    return true;
                }));
            }
            for (Future<Boolean> result : results) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    @Test
    void aFullBatchDoesNotWait() throws Exception {
        try (RequestBatcher batcher = new RequestBatcher(classifier, CALLERS, LONG)) {
            List<Future<Prediction>> answers = everyone(() -> batcher.classify("image", TestImages.uniform(255, 9, 9)));
            for (Future<Prediction> answer : answers) {
                assertThat(answer.get(LONG.toMillis() / 2, TimeUnit.MILLISECONDS)
                                .label())
                        .isEqualTo("connected");
            }
        }
    }

    @Test
    void aLonelyCallerIsAnsweredAfterTheWait() {
        try (RequestBatcher batcher = new RequestBatcher(classifier, CALLERS, Duration.ofMillis(20))) {
            assertThat(batcher.classify(TestImages.file("/pathfinder/connected.png")))
                    .isEqualTo(classifier.classify(TestImages.file("/pathfinder/connected.png")));
        }
    }

    @Test
    void errorsReachTheCallerWhoCausedThem() throws Exception {
        float[] bright = filled(1);
        float[] broken = bright.clone();
        broken[7] = Float.NaN;
        try (RequestBatcher batcher = new RequestBatcher(classifier, 2, LONG)) {
            Future<Prediction> good = callers.submit(() -> batcher.classify("good", bright));
            Future<Prediction> bad = callers.submit(() -> batcher.classify("bad", broken));

            assertThat(good.get().classIndex()).isEqualTo(1);
            assertThatThrownBy(bad::get)
                    .hasCauseInstanceOf(ModelException.class)
                    .hasMessageContaining("bad")
                    .hasMessageContaining("NaN");
            assertThatThrownBy(() -> batcher.classify("short", new float[95]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("short: a sample has 96 values, not 95");
            assertThatThrownBy(() -> batcher.classify(folder.resolve("absent.png")))
                    .isInstanceOf(PreprocessingException.class);
        }
    }

    @Test
    void everyCallerIsToldThatTheClassifierIsClosed() throws Exception {
        try (RequestBatcher batcher = new RequestBatcher(classifier, CALLERS, LONG)) {
            classifier.close();
            for (Future<Prediction> answer : everyone(() -> batcher.classify("image", new float[96]))) {
                assertThatThrownBy(answer::get).hasCauseInstanceOf(IllegalStateException.class);
            }
        }
    }

    @Test
    void closingAnswersThoseWhoWaitAndRefusesThoseWhoCome() throws Exception {
        RequestBatcher batcher = new RequestBatcher(classifier, CALLERS + 1, LONG);
        FutureTask<Prediction> answer = new FutureTask<>(() -> batcher.classify("image", filled(1)));
        Thread caller = new Thread(answer);
        caller.start();
        while (caller.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        batcher.close();
        batcher.close();

        assertThat(answer.get(LONG.toMillis() / 2, TimeUnit.MILLISECONDS).classIndex())
                .isEqualTo(1);
        assertThatThrownBy(() -> batcher.classify("late", new float[96]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void refusesBatchesOfNothing() {
        assertThatThrownBy(() -> new RequestBatcher(classifier, 0, LONG)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RequestBatcher(classifier, 1, LONG.negated()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static float[] filled(float value) {
        float[] sample = new float[Shapes.elements(INPUT.sampleShape())];
        Arrays.fill(sample, value);
        return sample;
    }

    private List<Future<Prediction>> everyone(Callable<Prediction> call) {
        List<Future<Prediction>> answers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            answers.add(callers.submit(call));
        }
        return answers;
    }

    private ImageClassifier classifier(RuntimeOptions options) {
        return ImageClassifier.load(TinyModels.save(folder, TinyModels.OPEN, INPUT), options);
    }
}
