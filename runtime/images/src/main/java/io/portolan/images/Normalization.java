package io.portolan.images;

import java.util.List;

/**
 * The normalisation of a pixel value between 0 and 1 to model input: {@code (value - mean) / std}, in float32, for each
 * channel.
 *
 * @param mean of red, green and blue, or of grey
 * @param std of red, green and blue, or of grey; none is 0
 */
public record Normalization(List<Float> mean, List<Float> std) {
    /** The statistics of ImageNet, with which the published models were trained. */
    public static final Normalization IMAGENET =
            new Normalization(List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));

    /** One channel of grey between 0 and 1, as it is. */
    public static final Normalization GREY = new Normalization(List.of(0f), List.of(1f));

    /** What the models of this project were trained with, by the channels of their input. */
    public static Normalization of(ImageInput input) {
        return input.channels() == 1 ? GREY : IMAGENET;
    }

    /** @throws IllegalArgumentException if there are not one or three finite values each, or a deviation is not positive */
    public Normalization {
        mean = requireChannels("mean", mean);
        std = requireChannels("std", std);
        if (mean.size() != std.size()) {
            throw new IllegalArgumentException("mean and std must be as many, not " + mean + " and " + std);
        }
        if (std.stream().anyMatch(deviation -> deviation <= 0)) {
            throw new IllegalArgumentException("std must be positive, not " + std);
        }
    }

    private static List<Float> requireChannels(String name, List<Float> values) {
        if (values.size() != 1 && values.size() != ImageInput.CHANNELS
                || !values.stream().allMatch(Float::isFinite)) {
            throw new IllegalArgumentException(
                    name + " must be 1 or " + ImageInput.CHANNELS + " finite numbers, not " + values);
        }
        return List.copyOf(values);
    }
}
