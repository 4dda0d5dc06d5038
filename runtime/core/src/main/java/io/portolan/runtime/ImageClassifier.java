package io.portolan.runtime;

import io.portolan.images.ImageInput;
import io.portolan.images.PreprocessingException;
import io.portolan.images.Shapes;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Classifies images with a model that Portolan exported.
 *
 * <pre>{@code
 * try (ImageClassifier classifier = ImageClassifier.load(Path.of("model.onnx"))) {
 *     System.out.println(classifier.classify(Path.of("curves.png")).label());
 * }
 * }</pre>
 *
 * <p>It owns native memory until {@link #close()}. Threads may share it; closing waits for the calls that are running,
 * and every later call throws {@link IllegalStateException}.
 */
public final class ImageClassifier implements AutoCloseable {
    /** What a GPU gets at a time, and a CPU at most. */
    private static final int LARGE_BATCH = 16;

    /**
     * Input that a CPU gets at a time. What is computed on the way takes a hundred times as much, and should not leave the
     * caches: of 224-pixel images each then takes 1.5 times as long.
     */
    private static final long BATCH_BYTES_ON_CPU = 256 << 10;

    /** Runs after which ONNX Runtime has allotted its memory as it will go on using it; those before take up to twice as long. */
    public static final int WARM_UP_RUNS = 5;

    private final OnnxModel model;
    private final ImageTask task;
    private final BatchRunner runner;

    private ImageClassifier(OnnxModel model, ImageTask task, int batchSize) {
        this.model = model;
        this.task = task;
        this.runner = new BatchRunner(model, task, batchSize);
    }

    /** Loads a model with {@link RuntimeOptions#defaults()}. */
    public static ImageClassifier load(Path file) {
        return load(file, RuntimeOptions.defaults());
    }

    /**
     * Loads a model, with batches of a size that suits its input and the device.
     *
     * @throws ModelException if the file is missing, is no ONNX model, was not exported by Portolan, or cannot run here
     */
    public static ImageClassifier load(Path file, RuntimeOptions options) {
        return of(OnnxModel.load(file, options), input -> suitableBatch(input, options.device()));
    }

    /**
     * Loads a model.
     *
     * @param batchSize samples that go to the model at a time, at most; a model with a fixed batch keeps to its own
     * @throws IllegalArgumentException if the batch size is not positive, or one batch would exceed 2 GB
     * @throws ModelException if the file is missing, is no ONNX model, was not exported by Portolan, or cannot run here
     */
    public static ImageClassifier load(Path file, RuntimeOptions options, int batchSize) {
        requirePositive(batchSize);
        return of(OnnxModel.load(file, options), input -> batchSize);
    }

    /**
     * Loads a model from memory.
     *
     * @param name of the model in messages
     * @param bytes a whole ONNX file
     * @see #load(Path, RuntimeOptions, int)
     */
    public static ImageClassifier load(String name, byte[] bytes, RuntimeOptions options, int batchSize) {
        requirePositive(batchSize);
        return of(OnnxModel.load(name, bytes, options), input -> batchSize);
    }

    private static void requirePositive(int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("the batch size must be positive, not " + batchSize);
        }
    }

    private static ImageClassifier of(OnnxModel model, ToIntFunction<ImageInput> batchSize) {
        try {
            ImageTask task = ImageTask.of(model);
            return new ImageClassifier(
                    model, task, batchSize.applyAsInt(task.metadata().input()));
        } catch (RuntimeException unusable) {
            model.close();
            throw unusable;
        }
    }

    /** Samples that should go to a model at a time: as many as a GPU is busy with, or as a CPU has in its caches. */
    public static int suitableBatch(ImageInput input, Device device) {
        if (device != Device.CPU) {
            return LARGE_BATCH;
        }
        long sampleBytes = (long) Shapes.elements(input.sampleShape()) * Float.BYTES;
        return (int) Math.max(1, Math.min(LARGE_BATCH, BATCH_BYTES_ON_CPU / sampleBytes));
    }

    /** What the model file says about itself. */
    public ModelMetadata metadata() {
        return task().metadata();
    }

    ImageTask task() {
        return model.guard().whileOpen(() -> task);
    }

    /**
     * Classifies a black image a few times, so that the first call of a user finds everything loaded and memory allotted.
     */
    public void warmUp() {
        ImageInput input = task.metadata().input();
        BufferedImage black = new BufferedImage(input.width(), input.height(), BufferedImage.TYPE_BYTE_GRAY);
        for (int run = 0; run < WARM_UP_RUNS; run++) {
            classify(black);
        }
    }

    /** Classifies one image file. See {@link #classify(List)}. */
    public Prediction classify(Path image) {
        return classify(List.of(image)).get(0);
    }

    /**
     * Classifies image files. Only the batches that run are in memory.
     *
     * @return one prediction for each image, in the order given
     * @throws PreprocessingException for the first file that is missing or no image
     */
    public List<Prediction> classify(List<Path> images) {
        return predictions(
                images.stream().map(Path::toString).toList(),
                logits((i, target) -> target.put(task.sample(images.get(i))), images.size()));
    }

    /**
     * Classifies images in memory, which predictions call {@code image 0}, {@code image 1} and so on.
     *
     * @return one prediction for each image, in the order given
     * @throws PreprocessingException for the first image that is neither grey nor RGB
     */
    public List<Prediction> classify(BufferedImage... images) {
        return predictions(
                IntStream.range(0, images.length).mapToObj(i -> "image " + i).toList(),
                logits((i, target) -> target.put(task.sample(images[i])), images.length));
    }

    /**
     * Classifies samples that are prepared already, such as video frames.
     *
     * @param sources what the predictions call the samples, one each
     * @param samples as many samples as sources, as in {@link #logits}
     * @return one prediction for each sample, in the order given
     */
    public List<Prediction> classify(List<String> sources, float[] samples) {
        return predictions(sources, logits(samples, sources.size()));
    }

    /**
     * Runs the model on samples that are prepared already, such as video frames.
     *
     * @param samples {@code count} samples of {@link ImageInput#sampleShape()}, normalised, row-major
     * @return (count, classes)
     * @throws IllegalArgumentException if the length is not that of {@code count} samples
     */
    public float[][] logits(float[] samples, int count) {
        return model.guard().whileOpen(() -> runner.run(samples, count));
    }

    /** Waits for running calls and frees the model; does nothing the second time. */
    @Override
    public void close() {
        model.close();
        runner.close();
    }

    /** As {@link #logits(float[], int)}; the samples are asked for when their batch runs. */
    float[][] logits(BatchRunner.Source samples, int count) {
        return model.guard().whileOpen(() -> runner.run(samples, count));
    }

    private List<Prediction> predictions(List<String> sources, float[][] logits) {
        return IntStream.range(0, logits.length)
                .mapToObj(i -> task.prediction(sources.get(i), logits[i]))
                .toList();
    }
}
