package io.portolan.runtime;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
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
    /** Samples that go to the model at a time, where the model leaves it open and nothing else is asked for. */
    public static final int DEFAULT_BATCH_SIZE = 16;

    private final OnnxModel model;
    private final ModelMetadata metadata;
    private final ImagePreprocessor preprocessor;
    private final BatchRunner runner;

    private ImageClassifier(OnnxModel model, ModelMetadata metadata, int batchSize) {
        ImageInput input = metadata.input();
        this.model = model;
        this.metadata = metadata;
        this.preprocessor = new ImagePreprocessor(input.height(), input.width(), metadata.normalization());
        this.runner = new BatchRunner(model, input.sampleShape(), metadata.labels().size(), batchSize);
    }

    /** Loads a model with {@link RuntimeOptions#defaults()} and {@link #DEFAULT_BATCH_SIZE}. */
    public static ImageClassifier load(Path file) {
        return load(file, RuntimeOptions.defaults(), DEFAULT_BATCH_SIZE);
    }

    /**
     * Loads a model.
     *
     * @param batchSize samples that go to the model at a time; a model with a fixed batch keeps to its own
     * @throws IllegalArgumentException if the batch size is not positive, or one batch would exceed 2 GB
     * @throws ModelException if the file is missing, is no ONNX model, was not exported by Portolan, or cannot run here
     */
    public static ImageClassifier load(Path file, RuntimeOptions options, int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("the batch size must be positive, not " + batchSize);
        }
        OnnxModel model = OnnxModel.load(file, options);
        try {
            return new ImageClassifier(model, describe(model), batchSize);
        } catch (RuntimeException unusable) {
            model.close();
            throw unusable;
        }
    }

    private static ModelMetadata describe(OnnxModel model) {
        try {
            return ModelMetadata.from(model.metadata());
        } catch (ModelException undescribed) {
            throw new ModelException(model.name() + ": " + undescribed.getMessage(), undescribed);
        }
    }

    /** What the model file says about itself. */
    public ModelMetadata metadata() {
        return model.guard().whileOpen(() -> metadata);
    }

    /** Classifies one image file. See {@link #classify(List)}. */
    public Prediction classify(Path image) {
        return classify(List.of(image)).get(0);
    }

    /**
     * Classifies image files; only one batch of them is in memory at a time.
     *
     * @return one prediction for each image, in the order given
     * @throws PreprocessingException for the first file that is missing or no image
     */
    public List<Prediction> classify(List<Path> images) {
        return classify(images.stream().map(Path::toString).toList(), i -> preprocessor.preprocess(images.get(i)));
    }

    /**
     * Classifies images in memory, which predictions call {@code image 0}, {@code image 1} and so on.
     *
     * @return one prediction for each image, in the order given
     * @throws PreprocessingException for the first image that is neither grey nor RGB
     */
    public List<Prediction> classify(BufferedImage... images) {
        return classify(
                IntStream.range(0, images.length).mapToObj(i -> "image " + i).toList(),
                i -> preprocessor.preprocess(images[i]));
    }

    /**
     * Classifies samples that are prepared already, such as video frames.
     *
     * @param sources what the predictions call the samples, one each
     * @param samples as many samples as sources, as in {@link #logits}
     * @return one prediction for each sample, in the order given
     */
    public List<Prediction> classify(List<String> sources, float[] samples) {
        float[][] logits = logits(samples, sources.size());
        return IntStream.range(0, logits.length)
                .mapToObj(i -> Prediction.of(sources.get(i), logits[i], metadata.labels()))
                .toList();
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
    }

    private List<Prediction> classify(List<String> sources, IntFunction<float[]> stillImage) {
        return model.guard().whileOpen(() -> {
            List<Prediction> predictions = new ArrayList<>(sources.size());
            for (int start = 0; start < sources.size(); start += runner.batchSize()) {
                int end = Math.min(start + runner.batchSize(), sources.size());
                float[][] logits = runner.run(batch(start, end, stillImage), end - start);
                for (int i = start; i < end; i++) {
                    predictions.add(Prediction.of(sources.get(i), logits[i - start], metadata.labels()));
                }
            }
            return List.copyOf(predictions);
        });
    }

    /** Lays out images one after the other; a video model sees each image in every frame. */
    private float[] batch(int start, int end, IntFunction<float[]> stillImage) {
        float[] batch = new float[(end - start) * runner.sampleSize()];
        for (int i = start; i < end; i++) {
            float[] image = stillImage.apply(i);
            int position = (i - start) * runner.sampleSize();
            System.arraycopy(image, 0, batch, position, image.length);
            metadata.input().repeatFirstFrame(batch, position);
        }
        return batch;
    }
}
