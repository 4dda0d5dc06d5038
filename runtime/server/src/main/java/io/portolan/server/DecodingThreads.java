package io.portolan.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Half of the cores for images, so that whoever sends large ones delays other images and nothing else. */
final class DecodingThreads implements AutoCloseable {
    private final int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private final ExecutorService threads;

    /** @param waiting images that may wait */
    DecodingThreads(int waiting) {
        this.threads = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waiting),
                work -> new Thread(work, "portolan-decode"),
                (work, executor) -> {
                    throw HttpError.overloaded("too many images wait already");
                });
    }

    /** Images that are decoded at a time. */
    int count() {
        return count;
    }

    ExecutorService executor() {
        return threads;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
