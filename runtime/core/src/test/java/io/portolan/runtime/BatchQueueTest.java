package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests are words: as many samples as letters, joined where they begin alike, answered in capitals. */
@Timeout(30)
class BatchQueueTest {
    private final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    @Test
    void joinsWhatFitsAndKeepsTheOrder() {
        try (BatchQueue<String, String> queue = queue(6, 10, 1)) {
            List<CompletableFuture<String>> answers =
                    submitWhileBusy(queue, "aa", "aaa", "a", "aa", "b", "b", "aaaaaaaa", "a");

            assertThat(answers)
                    .extracting(CompletableFuture::join)
                    .containsExactly("AA", "AAA", "A", "AA", "B", "B", "AAAAAAAA", "A");
            // The first two of a, a long word alone, and never a and b together.
            assertThat(batches.subList(1, batches.size()))
                    .containsExactly(
                            List.of("aa", "aaa", "a"),
                            List.of("aa"),
                            List.of("b", "b"),
                            List.of("aaaaaaaa"),
                            List.of("a"));
        }
    }

    @Test
    void refusesMoreThanMayWait() {
        try (BatchQueue<String, String> queue = queue(1, 2, 1)) {
            List<CompletableFuture<String>> waiting = submitBehindBusy(queue, "a", "b");
            assertThat(queue.waiting()).isEqualTo(2);
            assertThatThrownBy(() -> queue.submit("c")).isInstanceOf(RejectedExecutionException.class);
            mayAnswer.countDown();
            assertThat(waiting).extracting(CompletableFuture::join).containsExactly("A", "B");
        }
    }

    @Test
    void oneThatFailsDoesNotFailTheOthers() {
        try (BatchQueue<String, String> queue = queue(10, 10, 1)) {
            List<CompletableFuture<String>> answers = submitWhileBusy(queue, "xa", "x!", "xb");

            assertThat(answers.get(0).join()).isEqualTo("XA");
            assertThatThrownBy(answers.get(1)::join)
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("x!");
            assertThat(answers.get(2).join()).isEqualTo("XB");
        }
    }

    @Test
    void closingAnswersAllThatWereAcceptedOnAnyNumberOfThreads() {
        BatchQueue<String, String> queue = queue(2, 1000, 3);
        mayAnswer.countDown();
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(queue.submit("a" + i % 3));
        }
        queue.close();
        queue.close();

        assertThat(answers).allMatch(CompletableFuture::isDone);
        assertThat(answers.get(4).join()).isEqualTo("A1");
        assertThatThrownBy(() -> queue.submit("late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void closingAtOnceFailsThoseThatWait() {
        BatchQueue<String, String> queue = queue(1, 10, 1);
        List<CompletableFuture<String>> waiting = submitBehindBusy(queue, "a", "b");
        CompletableFuture<Void> closing = CompletableFuture.runAsync(queue::closeNow);
        assertThatThrownBy(waiting.get(1)::join).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(closing).isNotDone();
        mayAnswer.countDown();
        assertThat(closing).succeedsWithin(Duration.ofSeconds(10));
        assertThat(waiting.get(0)).isCompletedExceptionally();
        assertThat(batches).hasSize(1);
    }

    /** Answers when all have been submitted, so that they wait together. */
    private List<CompletableFuture<String>> submitWhileBusy(BatchQueue<String, String> queue, String... words) {
        List<CompletableFuture<String>> answers = submitBehindBusy(queue, words);
        mayAnswer.countDown();
        return answers;
    }

    private List<CompletableFuture<String>> submitBehindBusy(BatchQueue<String, String> queue, String... words) {
        queue.submit("busybusybusy");
        while (queue.waiting() > 0) {
            Thread.onSpinWait();
        }
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (String word : words) {
            answers.add(queue.submit(word));
        }
        return answers;
    }

    private BatchQueue<String, String> queue(int maxSamples, int capacity, int threads) {
        return new BatchQueue<>(new Capitals(), maxSamples, Duration.ZERO, capacity, threads);
    }

    private final class Capitals implements BatchQueue.Work<String, String> {
        @Override
        public int samples(String word) {
            return word.length();
        }

        @Override
        public boolean joins(String first, String next) {
            return first.charAt(0) == next.charAt(0);
        }

        @Override
        public List<String> answer(List<String> batch) {
            try {
                mayAnswer.await();
            } catch (InterruptedException impossible) {
                throw new IllegalStateException(impossible);
            }
            batches.add(List.copyOf(batch));
            if (batch.stream().anyMatch(word -> word.endsWith("!"))) {
                throw new IllegalArgumentException(String.join(" ", batch));
            }
            return batch.stream().map(String::toUpperCase).toList();
        }
    }
}
