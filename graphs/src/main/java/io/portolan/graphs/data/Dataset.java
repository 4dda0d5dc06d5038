package io.portolan.graphs.data;

import io.portolan.images.ImageInput;
import java.io.Closeable;
import java.io.IOException;

/**
 * A sequence of labelled samples with random access. It can be used from several threads until it is closed.
 */
public interface Dataset extends Closeable {
    /** Number of samples. */
    int size();

    /** The form of every sample: a still image (H,W,3) or a video (T,H,W,3). */
    ImageInput input();

    /**
     * Loads a sample: float32, row-major, normalised with the statistics of ImageNet.
     *
     * @param index 0 to {@link #size()} - 1
     * @param target receives {@link #sampleSize()} values
     * @param offset index in {@code target} of the first value
     * @return the label; 1 means connected and 0 disconnected
     * @throws IOException if the sample cannot be read or does not match the data set; the message names the file and
     *     the position
     */
    int load(int index, float[] target, int offset) throws IOException;

    /** Number of values in one sample. */
    default int sampleSize() {
        return input().frames() * input().height() * input().width() * input().channels();
    }

    /** Closes open files. */
    @Override
    default void close() throws IOException {}

    /** A view of the samples with the given indices, in that order. Closing the view leaves this data set open. */
    default Dataset select(int[] indices) {
        return new SelectedSamples(this, indices);
    }

    /**
     * A view of still images as videos of repeated frames.
     *
     * @param frames T, the number of frames
     * @throws IllegalArgumentException if the samples are videos already
     */
    default Dataset repeated(int frames) {
        return new RepeatedFrames(this, frames);
    }
}
