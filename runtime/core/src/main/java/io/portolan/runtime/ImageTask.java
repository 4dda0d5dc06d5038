package io.portolan.runtime;

import io.portolan.images.ImagePreprocessor;
import io.portolan.images.PreprocessingException;
import io.portolan.images.Shapes;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The steps before and after the run of an image classifier, as described by its metadata: from an image to a sample,
 * from samples to a batch, and from logits to a prediction. It is meant for programs that run the model themselves;
 * {@link ImageClassifier} performs all steps.
 */
public final class ImageTask {
    private final String model;
    private final ModelMetadata metadata;
    private final ImagePreprocessor preprocessor;
    private final long[] sampleShape;
    private final String input;
    private final String output;

    private ImageTask(OnnxModel model, ModelMetadata metadata) {
        this.model = model.name();
        this.metadata = metadata;
        this.preprocessor = new ImagePreprocessor(
                metadata.input().height(), metadata.input().width(), metadata.normalization());
        this.sampleShape = metadata.input().sampleShape();
        this.input = only("input", model.inputs(), sampleShape);
        this.output = only("output", model.outputs(), metadata.labels().size());
    }

    /**
     * The task of a model. The model may be closed afterwards.
     *
     * @throws IllegalStateException if the model is closed
     * @throws ModelException if Portolan did not export it, or its inputs and outputs do not match its metadata, which
     *     requires one of each, of float32 and with the batch as first axis
     */
    public static ImageTask of(OnnxModel model) {
        ModelMetadata metadata;
        try {
            metadata = ModelMetadata.from(model.metadata());
        } catch (ModelException undescribed) {
            throw new ModelException(model.name() + ": " + undescribed.getMessage(), undescribed);
        }
        return new ImageTask(model, metadata);
    }

    private String only(String direction, Map<String, TensorSpec> specs, long... row) {
        if (specs.size() != 1) {
            throw new ModelException(model + ": a classifier has one " + direction + ", not " + specs.keySet());
        }
        TensorSpec spec = specs.values().iterator().next();
        long rows = spec.shape().length == 0 ? 1 : Math.max(1, spec.shape()[0]);
        if (spec.type() != ElementType.FLOAT || !spec.fits(Shapes.prepend(rows, row))) {
            throw new ModelException(model + ": the " + direction + " is " + spec + ", but the metadata says "
                    + new TensorSpec(ElementType.FLOAT, Shapes.prepend(-1, row)) + "; export the model again");
        }
        return specs.keySet().iterator().next();
    }

    /** The metadata of the model file. */
    public ModelMetadata metadata() {
        return metadata;
    }

    /** Number of values in a sample. */
    public int sampleSize() {
        return Shapes.elements(sampleShape);
    }

    /**
     * Preprocesses a PNG or JPEG file; for a video model, the image is repeated in every frame.
     *
     * @return values of shape {@link io.portolan.images.ImageInput#sampleShape()}, normalised, row-major
     * @throws PreprocessingException if the file is missing, is not an image, or is damaged or too large
     */
    public float[] sample(Path image) {
        return metadata.input().inEveryFrame(preprocessor.preprocess(image));
    }

    /**
     * Preprocesses an image in memory.
     *
     * @return as {@link #sample(Path)}
     * @throws PreprocessingException if the pixels are neither grey nor RGB
     */
    public float[] sample(BufferedImage image) {
        return metadata.input().inEveryFrame(preprocessor.preprocess(image));
    }

    /** Like {@link #sample(Path)}, from a stream; {@code source} is what messages call the image. */
    public float[] sample(String source, InputStream bytes) {
        return metadata.input().inEveryFrame(preprocessor.preprocess(source, bytes));
    }

    /**
     * Preprocesses a PNG or JPEG image from a stream.
     *
     * @param source what messages call the image
     * @param maxPixels that it may have
     * @return as {@link #sample(Path)}
     * @throws PreprocessingException if it is not an image, is damaged, or has more pixels
     */
    public float[] sample(String source, InputStream bytes, long maxPixels) {
        return metadata.input().inEveryFrame(preprocessor.preprocess(source, bytes, maxPixels));
    }

    /**
     * Builds the inputs of a run.
     *
     * @param rows number of rows in the batch
     * @param samples writes the samples, row-major; rows that it does not write stay zero
     * @throws IllegalArgumentException if the batch exceeds 2 GB
     */
    public Map<String, Tensor> batch(long rows, Consumer<FloatBuffer> samples) {
        Tensor batch = Tensor.allocate(ElementType.FLOAT, Shapes.prepend(rows, sampleShape));
        samples.accept(batch.writable().asFloatBuffer());
        return Map.of(input, batch);
    }

    /**
     * Reads the logits from the outputs of a run.
     *
     * @param outputs the outputs of the run
     * @param rows number of rows in the batch
     * @return (rows, classes)
     * @throws ModelException if the output has another shape
     */
    public float[][] logits(Map<String, Tensor> outputs, long rows) {
        int classes = metadata.labels().size();
        Tensor answer = outputs.get(output);
        if (answer == null
                || answer.type() != ElementType.FLOAT
                || !Arrays.equals(answer.shape(), new long[] {rows, classes})) {
            throw new ModelException(
                    model + ": answers " + answer + " to " + rows + " samples; expected " + Shapes.text(rows, classes));
        }
        FloatBuffer values = answer.data().asFloatBuffer();
        float[][] logits = new float[(int) rows][classes];
        for (float[] row : logits) {
            values.get(row);
        }
        return logits;
    }

    /**
     * Returns the prediction for an image.
     *
     * @param source what the prediction calls the image
     * @param logits the logits of the image, one for each label
     * @throws IllegalArgumentException if their number does not match
     * @throws ModelException if a logit is not finite
     */
    public Prediction prediction(String source, float[] logits) {
        return Prediction.of(source, logits, metadata.labels());
    }
}
