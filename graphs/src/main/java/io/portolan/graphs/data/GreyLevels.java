package io.portolan.graphs.data;

import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;
import java.util.Optional;

/** Recovers the 8-bit grey image that normalised values were made from. */
final class GreyLevels {
    private static final int WHITE = 255;

    /** The levels are 0.017 apart or more; rounding to float32 moves them by a millionth. */
    private static final float TOLERANCE = 1e-3f;

    /** The normalised value of each (level, channel). */
    private static final float[] NORMALIZED = normalized();

    private GreyLevels() {}

    /** Recovers the 8-bit image.
     *
     * @param values (pixels, 3)
     * @return empty if the values were not made from 8-bit grey levels, but from colours or by resizing after
     *     normalisation
     */
    static Optional<byte[]> exact(float[] values) {
        byte[] pixels = nearest(values);
        for (int pixel = 0; pixel < pixels.length; pixel++) {
            int level = pixels[pixel] & 0xff;
            for (int channel = 0; channel < ImageInput.CHANNELS; channel++) {
                float value = values[pixel * ImageInput.CHANNELS + channel];
                // Written so that NaN fails.
                if (!(Math.abs(value - NORMALIZED[level * ImageInput.CHANNELS + channel]) <= TOLERANCE)) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(pixels);
    }

    /** The nearest grey level of each pixel's first channel, for displaying the image. */
    static byte[] nearest(float[] values) {
        byte[] pixels = new byte[values.length / ImageInput.CHANNELS];
        float mean = Normalization.IMAGENET.mean().get(0);
        float std = Normalization.IMAGENET.std().get(0);
        for (int i = 0; i < pixels.length; i++) {
            int level = Math.round((values[i * ImageInput.CHANNELS] * std + mean) * WHITE);
            pixels[i] = (byte) Math.max(0, Math.min(WHITE, level));
        }
        return pixels;
    }

    private static float[] normalized() {
        float[] values = new float[(WHITE + 1) * ImageInput.CHANNELS];
        for (int i = 0; i < values.length; i++) {
            float mean = Normalization.IMAGENET.mean().get(i % ImageInput.CHANNELS);
            float std = Normalization.IMAGENET.std().get(i % ImageInput.CHANNELS);
            values[i] = ((float) (i / ImageInput.CHANNELS) / WHITE - mean) / std;
        }
        return values;
    }
}
