package io.portolan.graphs.data;

import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;
import java.io.IOException;

/** Images of another data set as one channel of grey between 0 and 1. */
final class GreyChannel implements Dataset {
    private static final float WHITE = 255;

    private final Dataset colours;
    private final ImageInput input;

    GreyChannel(Dataset colours) {
        ImageInput own = colours.input();
        this.colours = colours;
        this.input = new ImageInput(own.layout(), own.frames(), own.height(), own.width(), 1);
    }

    @Override
    public int size() {
        return colours.size();
    }

    @Override
    public ImageInput input() {
        return input;
    }

    /** The levels of 8-bit images come back exactly; other values, from colours or resized ones, to a rounding of float32. */
    @Override
    public int load(int index, float[] target, int offset) throws IOException {
        float[] values = new float[colours.sampleSize()];
        int label = colours.load(index, values, 0);
        byte[] levels = GreyLevels.exact(values).orElse(null);
        float mean = Normalization.IMAGENET.mean().get(0);
        float std = Normalization.IMAGENET.std().get(0);
        for (int i = 0; i < sampleSize(); i++) {
            target[offset + i] =
                    levels != null ? (levels[i] & 0xff) / WHITE : values[i * ImageInput.CHANNELS] * std + mean;
        }
        return label;
    }

    @Override
    public void close() throws IOException {
        colours.close();
    }
}
