package io.portolan.images;

import java.util.Arrays;
import java.util.Objects;

/**
 * What one sample of a model's input is: a still image (height, width, channels) or a video (frames, height, width, channels),
 * row-major.
 *
 * @param layout still image or video
 * @param frames frames of a video; 1 for a still image
 * @param height in pixels
 * @param width in pixels
 * @param channels {@link #CHANNELS} for red, green and blue, or 1 for grey
 */
public record ImageInput(InputLayout layout, int frames, int height, int width, int channels) {
    /** Red, green and blue. */
    public static final int CHANNELS = 3;

    /**
     * @throws IllegalArgumentException if a size is not positive, a still image has several frames, or a sample does
     *     not fit into an array
     */
    public ImageInput {
        Objects.requireNonNull(layout, "layout");
        if (frames < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "frames, height and width must be positive, not " + frames + ", " + height + " and " + width);
        }
        if (layout == InputLayout.NHWC && frames != 1) {
            throw new IllegalArgumentException("a still image has one frame, not " + frames);
        }
        if (channels != 1 && channels != CHANNELS) {
            throw new IllegalArgumentException("an image has 1 or " + CHANNELS + " channels, not " + channels);
        }
        Shapes.elements(frames, height, width, channels);
    }

    /** Returns the input of still images. */
    public static ImageInput still(int height, int width) {
        return new ImageInput(InputLayout.NHWC, 1, height, width, CHANNELS);
    }

    /** A still image of one channel. */
    public static ImageInput grey(int height, int width) {
        return new ImageInput(InputLayout.NHWC, 1, height, width, 1);
    }

    /** Returns the input of videos. */
    public static ImageInput video(int frames, int height, int width) {
        return new ImageInput(InputLayout.NTHWC, frames, height, width, CHANNELS);
    }

    /** The shape of one sample, without the batch axis. */
    public long[] sampleShape() {
        return switch (layout) {
            case NHWC -> new long[] {height, width, channels};
            case NTHWC -> new long[] {frames, height, width, channels};
        };
    }

    /**
     * Makes a sample that repeats an image in every frame.
     *
     * @param image (height, width, channels), row-major
     * @return of {@link #sampleShape()}; the image itself if there is one frame
     */
    public float[] inEveryFrame(float[] image) {
        if (frames == 1) {
            return image;
        }
        float[] sample = Arrays.copyOf(image, Shapes.elements(sampleShape()));
        repeatFirstFrame(sample, 0);
        return sample;
    }

    /**
     * Copies the first frame of a video to all other frames.
     *
     * @param values the array that contains the sample, with room for all of its frames
     * @param offset offset of the sample in the array
     */
    public void repeatFirstFrame(float[] values, int offset) {
        int frame = height * width * channels;
        for (int i = 1; i < frames; i++) {
            System.arraycopy(values, offset, values, offset + i * frame, frame);
        }
    }
}
