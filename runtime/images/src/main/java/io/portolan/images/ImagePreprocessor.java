package io.portolan.images;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Turns images into model input exactly as the models were trained on them, to the last bit for PNG files: 8-bit grey,
 * Pillow's bilinear resize, division by 255, equal channels, normalisation in float32. Immutable and safe to
 * share between threads.
 */
public final class ImagePreprocessor {
    private static final int LEVELS = 256;

    private final int height;
    private final int width;
    private final int channels;
    private final float[] normalized;

    /**
     * @param height of the model's input, in pixels
     * @param width of the model's input, in pixels
     * @throws IllegalArgumentException if a size is not positive or too large for one array
     */
    public ImagePreprocessor(int height, int width, Normalization normalization) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("height and width must be positive, not " + height + " and " + width);
        }
        this.height = height;
        this.width = width;
        this.channels = normalization.mean().size();
        Shapes.elements(height, width, channels);
        this.normalized = normalizedLevels(normalization);
    }

    /**
     * Reads and prepares a PNG or JPEG file.
     *
     * @return (height, width, channels), row-major
     * @throws PreprocessingException if the file is missing, is no image, is damaged, or has more than 67 million pixels
     */
    public float[] preprocess(Path file) {
        return preprocess(file.toString(), ImageDecoder.read(file));
    }

    /** Like {@link #preprocess(Path)}, from a stream; {@code source} is what messages call the image. */
    public float[] preprocess(String source, InputStream bytes) {
        return preprocess(source, bytes, ImageDecoder.MAX_PIXELS);
    }

    /**
     * Reads and prepares a PNG or JPEG image from a stream.
     *
     * @param source what messages call the image
     * @param maxPixels that it may have; decoding takes some 8 bytes for each
     * @return (height, width, channels), row-major
     * @throws PreprocessingException if it is not an image, is damaged, or has more pixels
     */
    public float[] preprocess(String source, InputStream bytes, long maxPixels) {
        return preprocess(source, ImageDecoder.read(source, bytes, maxPixels));
    }

    private float[] preprocess(String source, BufferedImage image) {
        try {
            return preprocess(image);
        } catch (PreprocessingException unsupported) {
            throw new PreprocessingException(source + ": " + unsupported.getMessage(), unsupported);
        }
    }

    /**
     * Prepares an image of any size. Alpha is ignored, as Pillow ignores it.
     *
     * @return (height, width, channels), row-major
     * @throws PreprocessingException if the pixels are neither grey nor RGB
     */
    public float[] preprocess(BufferedImage image) {
        byte[] grey = PillowResize.bilinear(GreyConversion.convert(image), width, height)
                .pixels();
        float[] input = new float[grey.length * channels];
        for (int pixel = 0; pixel < grey.length; pixel++) {
            int level = grey[pixel] & 0xff;
            System.arraycopy(normalized, level * channels, input, pixel * channels, channels);
        }
        return input;
    }

    /** The normalised values (level, channel); every operation rounds to float32, as in numpy. */
    private static float[] normalizedLevels(Normalization normalization) {
        int channels = normalization.mean().size();
        float[] values = new float[LEVELS * channels];
        for (int level = 0; level < LEVELS; level++) {
            float value = level / 255f;
            for (int channel = 0; channel < channels; channel++) {
                float mean = normalization.mean().get(channel);
                float std = normalization.std().get(channel);
                values[level * channels + channel] = (value - mean) / std;
            }
        }
        return values;
    }
}
