package io.portolan.runtime;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A thread pool that runs calls of a model concurrently, or sequentially on the caller's thread. It is meant for an
 * {@link OnnxModel} that was loaded with {@link RuntimeOptions#throughput()}; {@link ImageClassifier} already has one.
 * Threads may share it, but its own threads must not submit calls to it.
 */
public final class CallPool implements AutoCloseable {
    private final int width;
    private final Executor executor;
    private final Runnable shutdown;

    /** @param width number of concurrent calls, such as {@link RuntimeOptions#concurrentCalls()}; at least 1 */
    public CallPool(int width) {
        this.width = width;
        if (width == 1) {
            executor = Runnable::run;
            shutdown = () -> {};
        } else {
            ExecutorService threads = Executors.newFixedThreadPool(width, CallPool::daemon);
            executor = threads;
            shutdown = threads::shutdown;
        }
    }

    /** The largest share if samples are distributed evenly. */
    int share(int samples) {
        return (int) Math.min(Integer.MAX_VALUE, ((long) samples + width - 1) / width);
    }

    /**
     * Runs all calls, starting them in the given order. No call is still running when this returns or throws, even if
     * the thread was interrupted, so the caller may then free resources that they use.
     *
     * @throws RuntimeException the exception of the first call in the list that fails; later calls that had not started
     *     are skipped
     */
    public void runAll(List<? extends Runnable> calls) {
        AtomicInteger firstFailure = new AtomicInteger(calls.size());
        List<CompletableFuture<Void>> running = IntStream.range(0, calls.size())
                .mapToObj(
                        i -> CompletableFuture.runAsync(() -> runUnlessInVain(i, calls.get(i), firstFailure), executor))
                .toList();
        CompletableFuture.allOf(running.toArray(CompletableFuture[]::new))
                .exceptionally(failure -> null)
                .join();
        running.forEach(call -> join(call::join));
    }

    /** Ends the threads once their running calls have completed. */
    @Override
    public void close() {
        shutdown.run();
    }

    /** Waits for a future, and throws its exception without the wrapping of {@link CompletableFuture}. */
    static <T> T join(Supplier<T> future) {
        try {
            return future.get();
        } catch (CompletionException wrapped) {
            if (wrapped.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (wrapped.getCause() instanceof Error failure) {
                throw failure;
            }
            throw wrapped;
        }
    }

    private static void runUnlessInVain(int index, Runnable call, AtomicInteger firstFailure) {
        if (firstFailure.get() < index) {
            return;
        }
        try {
            call.run();
        } catch (RuntimeException | Error failure) {
            firstFailure.accumulateAndGet(index, Math::min);
            throw failure;
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "portolan-call");
        thread.setDaemon(true);
        return thread;
    }
}
