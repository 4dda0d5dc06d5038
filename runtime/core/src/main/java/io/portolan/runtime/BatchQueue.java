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
 * Joins requests that many threads make at the same time into batches, and answers them on threads of its own, in the order
 * they came. Made to be shared by threads. A request that makes a batch fail does not fail the others: they are then answered one by one.
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

    /** What is done with requests. Called by several threads if the queue has several. */
    public interface Work<Q, A> {
        /** Samples of a request, at least 1. */
        int samples(Q request);

        /** Whether both may be in one batch. */
        boolean joins(Q first, Q next);

        /** One answer for each request, in their order; the list is not kept. */
        List<A> answer(List<Q> batch);
    }

    private record Entry<Q, A>(Q request, CompletableFuture<A> answer) {}

    /**
     * @param maxSamples in a batch; a request with more of them has a batch of its own
     * @param maxWait for others to join a batch, from its first request on; zero takes only those that wait already
     * @param capacity requests that may wait
     * @param threads that answer side by side, such as {@link RuntimeOptions#callsAtATime()}
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
     * Has a request answered.
     *
     * @return completed with the answer, or with what the work threw, by a thread of the queue: what hangs on it should be short
     * @throws RejectedExecutionException if as many requests wait as may
     * @throws IllegalStateException if the queue is closed
     */
    public CompletableFuture<A> submit(Q request) {
        Entry<Q, A> entry = new Entry<>(request, new CompletableFuture<>());
        if (!guard.whileOpen(() -> queue.offer(entry))) {
            throw new RejectedExecutionException("too many requests wait already");
        }
        return entry.answer();
    }

    /** Requests that nobody works on yet. */
    public int waiting() {
        return queue.size();
    }

    /** Refuses new requests, and returns when all that were accepted are answered; does nothing the second time. */
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
     * Closes without answering those that wait: they fail with {@link IllegalStateException}. Returns when what has begun is
     * answered.
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
            throw new IllegalStateException("nobody else knows this thread", impossible);
        }
    }

    /** Fills a batch; gives the request that came next but did not join, if there is one. */
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

    /** Waits to the end, and tells whether it was interrupted meanwhile. */
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
