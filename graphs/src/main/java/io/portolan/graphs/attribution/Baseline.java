package io.portolan.graphs.attribution;

import io.portolan.images.ImageInput;
import io.portolan.images.Normalization;

/** A baseline for integrated gradients: an image of a single colour. */
public enum Baseline {
    /** Zeros after normalisation: ImageNet's mean colour, a middle grey, which the reference uses; of an hGRU's input, black. */
    ZERO {
        @Override
        float ofChannel(Normalization norm, int channel) {
            return 0;
        }
    },
    BLACK {
        @Override
        float ofChannel(Normalization norm, int channel) {
            return normalized(0, norm, channel);
        }
    },
    WHITE {
        @Override
        float ofChannel(Normalization norm, int channel) {
            return normalized(1, norm, channel);
        }
    };

    abstract float ofChannel(Normalization norm, int channel);

    /** The value at an index of an input whose last axis is that many colours, 1 or {@link ImageInput#CHANNELS}. */
    float at(int index, int colours) {
        return ofChannel(colours == 1 ? Normalization.GREY : Normalization.IMAGENET, index % colours);
    }

    private static float normalized(float level, Normalization norm, int channel) {
        return (level - norm.mean().get(channel)) / norm.std().get(channel);
    }
}
