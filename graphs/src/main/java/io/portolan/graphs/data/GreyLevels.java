package io.portolan.graphs.data;

import io.portolan.runtime.ImageInput;
import io.portolan.runtime.Normalization;
import java.util.Optional;

/** The way back from normalised values to the 8-bit grey image that they were made of. */
final class GreyLevels {
    private static final int WHITE = 255;

    /** The levels are 0.017 apart or more; rounding to float32 moves them by a millionth. */
    private static final float TOLERANCE = 1e-3f;

    private GreyLevels() {}

    /**
     * The 8-bit image.
     *
     * @param values (pixels, 3)
     * @return nothing if the values were made in another way: from colours, or resized after normalisation
     */
    static Optional<byte[]> exact(float[] values) {
        byte[] pixels = nearest(values);
        for (int i = 0; i < values.length; i++) {
            int channel = i % ImageInput.CHANNELS;
            float expected = normalized(pixels[i / ImageInput.CHANNELS] & 0xff, channel);
            // Written so that NaN fails.
            if (!(Math.abs(values[i] - expected) <= TOLERANCE)) {
                return Optional.empty();
            }
        }
        return Optional.of(pixels);
    }

    /** The nearest grey level of each pixel's first channel, for a look at the image. */
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

    private static float normalized(int level, int channel) {
        Normalization imagenet = Normalization.IMAGENET;
        return ((float) level / WHITE - imagenet.mean().get(channel)) / imagenet.std().get(channel);
    }
}
