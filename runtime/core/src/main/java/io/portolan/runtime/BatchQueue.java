package io.portolan.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A queue that combines concurrent requests into batches, and answers them in order of arrival on its own threads. It
 * is safe for use by several threads. A request that makes a batch fail does not fail the others, which are then
 * answered one by one.
 *
 * @param <Q> a request
 * @param <A> an answer
 */
public final class BatchQueue<Q, A> implements AutoCloseable {
    private final Work<Q, A> work;
    private final int maxSamples;
    private final long maxWaitNanos;
    private final BlockingQueue<Entry<Q, A>> queue;
    private final Entry<Q, A> end = new Entry<>(null, new CompletableFuture<>());
    private final CloseGuard guard = new CloseGuard("this queue of requests");
    private final List<Thread> workers = new ArrayList<>();

    /** The work to be done for requests, called by several threads if the queue has several. */
    public interface Work<Q, A> {
        /** Number of samples in a request, at least 1. */
        int samples(Q request);

        /** Whether two requests may share a batch. */
        boolean joins(Q first, Q next);

        /** Returns one answer for each request, in order; the list must not be retained. */
        List<A> answer(List<Q> batch);
    }

    private record Entry<Q, A>(Q request, CompletableFuture<A> answer) {}

    /**
     * @param maxSamples largest number of samples in a batch; a larger request has a batch of its own
     * @param maxWait time to wait for others to join a batch, from its first request on; zero takes only those already
     *     waiting
     * @param capacity largest number of waiting requests
     * @param threads number of threads that answer concurrently, such as {@link RuntimeOptions#concurrentCalls()}
     * @throws IllegalArgumentException if {@code maxWait} is negative or another number is not positive
     */
    public BatchQueue(Work<Q, A> work, int maxSamples, Duration maxWait, int capacity, int threads) {
        if (maxSamples < 1 || maxWait.isNegative() || capacity < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "a batch takes at least 1 sample and waits at least 0 s, not " + maxSamples + " and " + maxWait
                            + ", in a queue of at least 1 for at least 1 thread, not " + capacity + " and " + threads);
        }
        this.work = work;
        this.maxSamples = maxSamples;
        this.maxWaitNanos = maxWait.toNanos();
        this.queue = new LinkedBlockingQueue<>(capacity);
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(this::dispatch, "portolan-batcher");
            worker.setDaemon(true);
            workers.add(worker);
        }
        workers.forEach(Thread::start);
    }

    /**
     * Submits a request.
     *
     * @return a future completed with the answer or the exception of the work, on a thread of the queue, so dependent
     *     stages should be short
     * @throws RejectedExecutionException if the queue is full
     * @throws IllegalStateException if the queue is closed
     */
    public CompletableFuture<A> submit(Q request) {
        Entry<Q, A> entry = new Entry<>(request, new CompletableFuture<>());
        if (!guard.whileOpen(() -> queue.offer(entry))) {
            throw new RejectedExecutionException("too many requests are waiting");
        }
        return entry.answer();
    }

    /** The number of requests that are not being worked on yet. */
    public int waiting() {
        return queue.size();
    }

    /** Refuses new requests, and returns when all accepted ones are answered; does nothing if already closed. */
    @Override
    public void close() {
        boolean[] interrupted = {false};
        guard.close(() -> interrupted[0] |= uninterrupted(() -> queue.put(end)));
        for (Thread worker : workers) {
            interrupted[0] |= uninterrupted(worker::join);
        }
        if (interrupted[0]) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Closes without answering waiting requests, which fail with {@link IllegalStateException}. Returns when those in
     * progress are answered.
     */
    public void closeNow() {
        List<Entry<Q, A>> waiting = new ArrayList<>();
        queue.drainTo(waiting);
        waiting.forEach(entry -> {
            if (entry != end) {
                entry.answer()
                        .completeExceptionally(new IllegalStateException("closed before this request was answered"));
            }
        });
        close();
    }

    private void dispatch() {
        try {
            Entry<Q, A> first = queue.take();
            while (first != end) {
                List<Entry<Q, A>> batch = new ArrayList<>();
                Entry<Q, A> next = gather(first, batch);
                answer(batch);
                first = next == null ? queue.take() : next;
            }
            // For the next worker.
            queue.put(end);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("no other code has a reference to this thread", impossible);
        }
    }

    /** Fills a batch, and returns the next request if it did not join. */
    private Entry<Q, A> gather(Entry<Q, A> first, List<Entry<Q, A>> batch) throws InterruptedException {
        batch.add(first);
        long deadline = System.nanoTime() + maxWaitNanos;
        int samples = work.samples(first.request());
        while (samples < maxSamples) {
            Entry<Q, A> next = queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null || next == end) {
                return next;
            }
            samples += work.samples(next.request());
            if (samples > maxSamples || !work.joins(first.request(), next.request())) {
                return next;
            }
            batch.add(next);
        }
        return null;
    }

    private void answer(List<Entry<Q, A>> batch) {
        try {
            List<A> answers = work.answer(batch.stream().map(Entry::request).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error failure) {
            if (batch.size() == 1) {
                batch.get(0).answer().completeExceptionally(failure);
            } else {
                batch.forEach(entry -> answer(List.of(entry)));
            }
        }
    }

    @FunctionalInterface
    private interface Waiting {
        void run() throws InterruptedException;
    }

    /** Waits without giving up, and returns whether the thread was interrupted meanwhile. */
    private static boolean uninterrupted(Waiting waiting) {
        boolean interrupted = false;
        while (true) {
            try {
                waiting.run();
                return interrupted;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
    }
}
