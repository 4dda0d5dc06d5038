package io.portolan.runtime;

import io.portolan.images.ImageInput;
import io.portolan.images.PreprocessingException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Collects single images from many threads into batches, which a GPU, or a CPU with
 * {@link RuntimeOptions#throughput()}, classifies faster than one by one.
 *
 * <p>Each caller prepares its own image and then waits for its own answer or its own error: a sample that makes a batch
 * fail does not fail the others. Interrupting a waiting caller has no effect, as with {@link ImageClassifier}.
 */
public final class RequestBatcher implements AutoCloseable {
    private final ImageClassifier classifier;
    private final ImageTask task;
    private final BatchQueue<float[], float[]> queue;

    /**
     * @param classifier the classifier, which the caller closes after this batcher
     * @param maxBatch largest number of images in a batch
     * @param maxWait time to wait for others to join a batch, from its first image on; zero takes only those already
     *     waiting
     * @throws IllegalArgumentException if {@code maxBatch} is not positive or {@code maxWait} is negative
     */
    public RequestBatcher(ImageClassifier classifier, int maxBatch, Duration maxWait) {
        this.classifier = classifier;
        this.task = classifier.task();
        this.queue = new BatchQueue<>(new Logits(), maxBatch, maxWait, Integer.MAX_VALUE, 1);
    }

    /**
     * Classifies one image file, together with those of other threads.
     *
     * @throws PreprocessingException if the file is missing or is not an image
     * @throws IllegalStateException if this or the classifier is closed
     */
    public Prediction classify(Path image) {
        return classify(image.toString(), task.sample(image));
    }

    /**
     * Classifies one image, together with those of other threads.
     *
     * @param source what the prediction calls it
     * @throws PreprocessingException if the image is neither grey nor RGB
     * @throws IllegalStateException if this or the classifier is closed
     */
    public Prediction classify(String source, BufferedImage image) {
        return classify(source, task.sample(image));
    }

    /**
     * Classifies one preprocessed sample, together with those of other threads.
     *
     * @param source what the prediction calls it
     * @param sample values of shape {@link ImageInput#sampleShape()}, normalised, row-major; must not be modified
     *     before this returns
     * @throws IllegalArgumentException if the length is not that of a sample
     * @throws IllegalStateException if this or the classifier is closed
     */
    public Prediction classify(String source, float[] sample) {
        Objects.requireNonNull(source, "source");
        if (sample.length != task.sampleSize()) {
            throw new IllegalArgumentException(
                    source + ": a sample has " + task.sampleSize() + " values, not " + sample.length);
        }
        return task.prediction(source, CallPool.join(queue.submit(sample)::join));
    }

    /** Refuses new images, and returns when all accepted ones are answered; does nothing if already closed. */
    @Override
    public void close() {
        queue.close();
    }

    /** Every request is one sample. */
    private final class Logits implements BatchQueue.Work<float[], float[]> {
        @Override
        public int samples(float[] sample) {
            return 1;
        }

        @Override
        public boolean joins(float[] first, float[] next) {
            return true;
        }

        @Override
        public List<float[]> answer(List<float[]> batch) {
            return List.of(classifier.logits((i, target) -> target.put(batch.get(i)), batch.size()));
        }
    }
}
