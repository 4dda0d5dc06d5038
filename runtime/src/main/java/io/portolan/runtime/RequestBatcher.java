package io.portolan.runtime;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Gathers single images that many threads want classified at the same time into batches, which a GPU, or a CPU with
 * {@link RuntimeOptions#throughput()}, answers faster than one by one.
 *
 * <p>Each caller prepares its own image and then waits for its own answer or its own error: a sample that makes a batch
 * fail does not fail the others. Callers may be interrupted while they wait; as with {@link ImageClassifier}, that changes
 * nothing.
 */
public final class RequestBatcher implements AutoCloseable {
    private static final Request END = new Request(new float[0], new CompletableFuture<>());

    private final ImageClassifier classifier;
    private final ModelMetadata metadata;
    private final int sampleSize;
    private final int maxBatch;
    private final long maxWaitNanos;
    private final BlockingQueue<Request> queue = new LinkedBlockingQueue<>();
    private final CloseGuard guard = new CloseGuard("this request batcher");
    private final Thread dispatcher = new Thread(this::dispatch, "portolan-batcher");

    private record Request(float[] sample, CompletableFuture<float[]> logits) {}

    /**
     * @param classifier that answers; it stays the caller's to close, after this
     * @param maxBatch images to gather at most
     * @param maxWait for others to join a batch, from its first image on; zero takes only those that wait already
     * @throws IllegalArgumentException if {@code maxBatch} is not positive or {@code maxWait} is negative
     */
    public RequestBatcher(ImageClassifier classifier, int maxBatch, Duration maxWait) {
        if (maxBatch < 1 || maxWait.isNegative()) {
            throw new IllegalArgumentException("a batch takes at least 1 image and waits at least 0 s, not "
                    + maxBatch + " and " + maxWait);
        }
        this.classifier = classifier;
        this.metadata = classifier.metadata();
        this.sampleSize = Shapes.elements(metadata.input().sampleShape());
        this.maxBatch = maxBatch;
        this.maxWaitNanos = maxWait.toNanos();
        dispatcher.setDaemon(true);
        dispatcher.start();
    }

    /**
     * Classifies one image file, together with those of other threads.
     *
     * @throws PreprocessingException if the file is missing or no image
     * @throws IllegalStateException if this or the classifier is closed
     */
    public Prediction classify(Path image) {
        return classify(image.toString(), classifier.sample(image));
    }

    /**
     * Classifies one image, together with those of other threads.
     *
     * @param source what the prediction calls it
     * @throws PreprocessingException if the image is neither grey nor RGB
     * @throws IllegalStateException if this or the classifier is closed
     */
    public Prediction classify(String source, BufferedImage image) {
        return classify(source, classifier.sample(image));
    }

    /**
     * Classifies one sample that is prepared already, together with those of other threads.
     *
     * @param source what the prediction calls it
     * @param sample of {@link ImageInput#sampleShape()}, normalised, row-major; not to be changed before this returns
     * @throws IllegalArgumentException if the length is not that of a sample
     * @throws IllegalStateException if this or the classifier is closed
     */
    public Prediction classify(String source, float[] sample) {
        Objects.requireNonNull(source, "source");
        if (sample.length != sampleSize) {
            throw new IllegalArgumentException(source + ": a sample has " + sampleSize + " values, not " + sample.length);
        }
        Request request = new Request(sample, new CompletableFuture<>());
        guard.whileOpen(() -> queue.add(request));
        float[] logits = CallPool.join(request.logits()::join);
        return Prediction.of(source, logits, metadata.labels());
    }

    /** Refuses new images, and returns when all that were accepted are answered; does nothing the second time. */
    @Override
    public void close() {
        guard.close(() -> queue.add(END));
        boolean interrupted = false;
        while (dispatcher.isAlive()) {
            try {
                dispatcher.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void dispatch() {
        List<Request> batch = new ArrayList<>(maxBatch);
        boolean open = true;
        while (open) {
            open = gather(batch);
            answer(batch);
            batch.clear();
        }
    }

    /** Fills a batch; false if it is the last. */
    private boolean gather(List<Request> batch) {
        try {
            Request next = queue.take();
            long deadline = System.nanoTime() + maxWaitNanos;
            while (next != null && next != END) {
                batch.add(next);
                next = batch.size() == maxBatch ? null : queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
            return next != END;
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("nobody else knows this thread", impossible);
        }
    }

    private void answer(List<Request> batch) {
        try {
            float[][] logits = classifier.logits((i, target) -> target.put(batch.get(i).sample()), batch.size());
            for (int i = 0; i < logits.length; i++) {
                batch.get(i).logits().complete(logits[i]);
            }
        } catch (RuntimeException | Error failure) {
            if (batch.size() == 1) {
                batch.get(0).logits().completeExceptionally(failure);
            } else {
                batch.forEach(request -> answer(List.of(request)));
            }
        }
    }
}
