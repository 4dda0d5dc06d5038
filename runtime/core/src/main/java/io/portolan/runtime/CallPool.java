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
 * Makes calls of a model side by side on threads of its own, or one after the other on the caller's thread. For those who
 * load an {@link OnnxModel} with {@link RuntimeOptions#throughput()}: {@link ImageClassifier} has one already. Threads may share
 * it, but none of its own may hand it calls.
 */
public final class CallPool implements AutoCloseable {
    private final int width;
    private final Executor executor;
    private final Runnable shutdown;

    /** @param width calls at a time, such as {@link RuntimeOptions#callsAtATime()}; at least 1 */
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

    /** The largest part, when so many samples are shared out evenly. */
    int share(int samples) {
        return (int) Math.min(Integer.MAX_VALUE, ((long) samples + width - 1) / width);
    }

    /**
     * Makes all calls, in the order given as far as they do not run side by side. None of them runs any more when this
     * returns or throws, even if the thread was interrupted: it may then free what they use.
     *
     * @throws RuntimeException that of the first in the list that fails; calls after it that had not begun are left out
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

    /** Ends the threads; calls that run are not disturbed. */
    @Override
    public void close() {
        shutdown.run();
    }

    /** Waits, and throws what was thrown without the wrapping of {@link CompletableFuture}. */
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
