package io.portolan.images;

import java.util.List;

/**
 * The normalisation of a pixel value between 0 and 1 to model input: {@code (value - mean) / std}, in float32, for each
 * channel.
 *
 * @param mean the means of red, green and blue
 * @param std the standard deviations of red, green and blue, all positive
 */
public record Normalization(List<Float> mean, List<Float> std) {
    /** The statistics of ImageNet, with which the published models were trained. */
    public static final Normalization IMAGENET =
            new Normalization(List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));

    /** @throws IllegalArgumentException if there are not three finite values each, or a deviation is not positive */
    public Normalization {
        mean = requireChannels("mean", mean);
        std = requireChannels("std", std);
        if (std.stream().anyMatch(deviation -> deviation <= 0)) {
            throw new IllegalArgumentException("std must be positive, not " + std);
        }
    }

    private static List<Float> requireChannels(String name, List<Float> values) {
        if (values.size() != ImageInput.CHANNELS || !values.stream().allMatch(Float::isFinite)) {
            throw new IllegalArgumentException(
                    name + " must be " + ImageInput.CHANNELS + " finite numbers, not " + values);
        }
        return List.copyOf(values);
    }
}
