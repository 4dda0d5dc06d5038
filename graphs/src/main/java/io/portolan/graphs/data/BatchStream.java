package io.portolan.graphs.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The batches of an epoch, which threads load ahead while the consumer works. It serves one consumer. Closing it ends
 * the threads; the data set stays open.
 */
public final class BatchStream implements AutoCloseable {
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final Dataset dataset;
    private final int batchSize;
    private final int[] order;
    private final int end;
    private final ExecutorService workers;
    private final Deque<Future<Batch>> ahead = new ArrayDeque<>();
    private int submitted;
    private volatile boolean closed;

    BatchStream(Dataset dataset, BatchOptions options, int[] order, int first, int end) {
        this.dataset = dataset;
        this.batchSize = options.size();
        this.order = order;
        this.submitted = first;
        this.end = end;
        this.workers = Executors.newFixedThreadPool(options.workers(), BatchStream::daemon);
        for (int i = 0; i < options.prefetch(); i++) {
            submit();
        }
    }

    public boolean hasNext() {
        return !ahead.isEmpty();
    }

    /**
     * The next batch, which belongs to the caller.
     *
     * @throws IOException if a sample could not be loaded; the data set's exception, unchanged
     * @throws NoSuchElementException after the last batch
     */
    public Batch next() throws IOException {
        if (closed) {
            throw new IllegalStateException("the stream is closed");
        }
        Batch batch = await(ahead.remove());
        submit();
        return batch;
    }

    /** Ends the threads once they have loaded their current samples. */
    @Override
    public void close() {
        closed = true;
        ahead.forEach(batch -> batch.cancel(false));
        ahead.clear();
        // Not shutdownNow: an interrupt would close the data set's files for all readers.
        workers.shutdown();
        boolean interrupted = false;
        while (!workers.isTerminated()) {
            try {
                workers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void submit() {
        if (submitted < end) {
            int batch = submitted++;
            ahead.add(workers.submit(() -> load(batch)));
        }
    }

    private Batch load(int batch) throws IOException {
        int first = batch * batchSize;
        int count = Math.min(batchSize, order.length - first);
        int sample = dataset.sampleSize();
        float[] images = new float[count * sample];
        int[] labels = new int[count];
        for (int i = 0; i < count && !closed; i++) {
            labels[i] = dataset.load(order[first + i], images, i * sample);
        }
        return new Batch(images, labels, count);
    }

    private static Batch await(Future<Batch> batch) throws IOException {
        try {
            return batch.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a batch");
        } catch (ExecutionException failure) {
            throw original(failure.getCause());
        }
    }

    private static IOException original(Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return (IOException) cause;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "portolan-data-" + THREADS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
