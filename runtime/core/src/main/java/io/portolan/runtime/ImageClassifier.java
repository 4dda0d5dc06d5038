package io.portolan.runtime;

import io.portolan.images.ImageInput;
import io.portolan.images.PreprocessingException;
import io.portolan.images.Shapes;
import java.awt.image.BufferedImage;
import java.io.InputStream;
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
    /** Batch size on a GPU, and the largest on a CPU. */
    private static final int LARGE_BATCH = 16;

    /**
     * Input of one batch on a CPU. Intermediate results take a hundred times as much and should fit the caches:
     * otherwise each image of 224 pixels takes 1.5 times as long.
     */
    private static final long BATCH_BYTES_ON_CPU = 256 << 10;

    /** Number of runs after which ONNX Runtime's memory allocation is stable; earlier ones take up to twice as long. */
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
     * @throws ModelException if the file is missing, is not an ONNX model, was not exported by Portolan, or cannot run on this machine
     */
    public static ImageClassifier load(Path file, RuntimeOptions options) {
        return of(OnnxModel.load(file, options), input -> suitableBatch(input, options.device()));
    }

    /**
     * Loads a model.
     *
     * @param batchSize largest number of samples per run; a model with a fixed batch uses its own
     * @throws IllegalArgumentException if the batch size is not positive, or one batch would exceed 2 GB
     * @throws ModelException if the file is missing, is not an ONNX model, was not exported by Portolan, or cannot run on this machine
     */
    public static ImageClassifier load(Path file, RuntimeOptions options, int batchSize) {
        requirePositive(batchSize);
        return of(OnnxModel.load(file, options), input -> batchSize);
    }

    /**
     * Loads a model from memory.
     *
     * @param name the name of the model in messages
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

    /** A suitable batch size: as many samples as keep a GPU busy, or as fit the caches of a CPU. */
    public static int suitableBatch(ImageInput input, Device device) {
        if (device != Device.CPU) {
            return LARGE_BATCH;
        }
        long sampleBytes = (long) Shapes.elements(input.sampleShape()) * Float.BYTES;
        return (int) Math.max(1, Math.min(LARGE_BATCH, BATCH_BYTES_ON_CPU / sampleBytes));
    }

    /** The metadata of the model file. */
    public ModelMetadata metadata() {
        return task().metadata();
    }

    ImageTask task() {
        return model.guard().whileOpen(() -> task);
    }

    /**
     * Classifies a black image a few times, so that everything is loaded and allocated before the first real call.
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
     * Classifies a PNG or JPEG image from a stream, such as an upload.
     *
     * @param source what the prediction and messages call the image
     * @throws PreprocessingException if it is not an image, or is damaged or too large
     */
    public Prediction classify(String source, InputStream bytes) {
        return predictions(List.of(source), logits((i, target) -> target.put(task.sample(source, bytes)), 1))
                .get(0);
    }

    /**
     * Classifies image files. Only the running batches are in memory.
     *
     * @return one prediction for each image, in the order given
     * @throws PreprocessingException for the first file that is missing or is not an image
     */
    public List<Prediction> classify(List<Path> images) {
        return predictions(
                images.stream().map(Path::toString).toList(),
                logits((i, target) -> target.put(task.sample(images.get(i))), images.size()));
    }

    /**
     * Classifies images in memory, which are named {@code image 0}, {@code image 1} and so on in predictions.
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
     * Classifies preprocessed samples, such as video frames.
     *
     * @param sources the names of the samples in predictions
     * @param samples as many samples as sources, as in {@link #logits}
     * @return one prediction for each sample, in the order given
     */
    public List<Prediction> classify(List<String> sources, float[] samples) {
        return predictions(sources, logits(samples, sources.size()));
    }

    /**
     * Runs the model on preprocessed samples, such as video frames.
     *
     * @param samples {@code count} samples of {@link ImageInput#sampleShape()}, normalised, row-major
     * @return (count, classes)
     * @throws IllegalArgumentException if the length is not that of {@code count} samples
     */
    public float[][] logits(float[] samples, int count) {
        return model.guard().whileOpen(() -> runner.run(samples, count));
    }

    /** Waits for running calls and frees the model; does nothing if already closed. */
    @Override
    public void close() {
        model.close();
        runner.close();
    }

    /** Like {@link #logits(float[], int)}, but samples are requested when their batch runs. */
    float[][] logits(BatchRunner.Source samples, int count) {
        return model.guard().whileOpen(() -> runner.run(samples, count));
    }

    private List<Prediction> predictions(List<String> sources, float[][] logits) {
        return IntStream.range(0, logits.length)
                .mapToObj(i -> task.prediction(sources.get(i), logits[i]))
                .toList();
    }
}
