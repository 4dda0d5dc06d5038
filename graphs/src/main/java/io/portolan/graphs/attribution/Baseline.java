package io.portolan.graphs.attribution;

import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;

/** A baseline for integrated gradients: an image of a single colour. */
public enum Baseline {
    /** Zeros after normalisation, which is ImageNet's mean colour, a middle grey. The reference uses it. */
    ZERO {
        @Override
        float ofChannel(int channel) {
            return 0;
        }
    },
    BLACK {
        @Override
        float ofChannel(int channel) {
            return normalized(0, channel);
        }
    },
    WHITE {
        @Override
        float ofChannel(int channel) {
            return normalized(1, channel);
        }
    };

    abstract float ofChannel(int channel);

    /** The value at an index of an input whose last axis is colour. */
    float at(int index) {
        return ofChannel(index % ImageInput.CHANNELS);
    }

    private static float normalized(float level, int channel) {
        Normalization norm = Normalization.IMAGENET;
        return (level - norm.mean().get(channel)) / norm.std().get(channel);
    }
}
