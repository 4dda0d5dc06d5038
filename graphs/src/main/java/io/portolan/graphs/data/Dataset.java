package io.portolan.graphs.data;

import io.portolan.images.ImageInput;
import java.io.Closeable;
import java.io.IOException;

/**
 * Labelled samples in a fixed order, each of which can be loaded on its own. Safe to use from several threads until it is
 * closed.
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
     * @param offset where in {@code target} the first value goes
     * @return the label; 1 means connected and 0 disconnected
     * @throws IOException if the sample cannot be read or is not what the data set says; the message names file and place
     */
    int load(int index, float[] target, int offset) throws IOException;

    /** Values of one sample. */
    default int sampleSize() {
        return input().frames() * input().height() * input().width() * input().channels();
    }

    /** Lets go of open files. */
    @Override
    default void close() throws IOException {}

    /** The samples with these indices, in this order. Closing the view leaves this data set open. */
    default Dataset select(int[] indices) {
        return new SelectedSamples(this, indices);
    }

    /**
     * The same images as videos that stand still.
     *
     * @param frames T
     * @throws IllegalArgumentException if the samples are videos already
     */
    default Dataset repeated(int frames) {
        return new RepeatedFrames(this, frames);
    }
}
