package io.portolan.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A thread pool for decoding images on half of the cores, so that large images delay only other images. */
final class DecodingThreads implements AutoCloseable {
    private final int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private final ExecutorService threads;

    /** @param waiting largest number of waiting images */
    DecodingThreads(int waiting) {
        this.threads = new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waiting),
                work -> new Thread(work, "portolan-decode"),
                (work, executor) -> {
                    throw HttpError.overloaded("too many images are waiting");
                });
    }

    /** The number of images that are decoded concurrently. */
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
