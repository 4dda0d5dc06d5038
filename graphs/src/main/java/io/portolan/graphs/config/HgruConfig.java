package io.portolan.graphs.config;

import io.portolan.images.ImageInput;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The configuration of an hGRU ({@code docs/model.md}, section 8.1). It sees still images of one channel, grey between 0 and 1.
 *
 * @param channels k, the number of filters
 * @param kernelSize side of the horizontal kernels
 * @param frames T, the steps that it settles for
 * @param classes number of logits
 * @param hasBatchNorm whether each step has batch norms of its own; else η scales each step
 * @param isRectified whether it is the form with ReLU and two kernels
 * @param statisticsDecay what a step of training leaves of the batch norms' running statistics
 */
public record HgruConfig(
        int channels,
        int kernelSize,
        int frames,
        int classes,
        boolean hasBatchNorm,
        boolean isRectified,
        double statisticsDecay,
        int imageHeight,
        int imageWidth)
        implements ModelConfig {
    static final String CHANNELS = "channels";
    static final String STATISTICS_DECAY = "bn_decay";
    /** Fields that no other architecture has. */
    static final Set<String> OWN_FIELDS = Set.of(CHANNELS, STATISTICS_DECAY);

    @Override
    public Architecture architecture() {
        return Architecture.HGRU;
    }

    @Override
    public ImageInput input() {
        return ImageInput.grey(imageHeight, imageWidth);
    }

    @Override
    public InputForm inputForm() {
        return InputForm.IMAGE;
    }

    @Override
    public HgruConfig withFrames(int steps) {
        return new HgruConfig(
                channels,
                kernelSize,
                steps,
                classes,
                hasBatchNorm,
                isRectified,
                statisticsDecay,
                imageHeight,
                imageWidth);
    }

    @Override
    public HgruConfig withInput(InputForm form) {
        if (form != InputForm.IMAGE) {
            throw new ConfigException("configuration: an hGRU sees still images, not videos");
        }
        return this;
    }

    @Override
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(Architecture.LABEL, architecture().label());
        fields.put(CHANNELS, channels);
        fields.put(Field.KERNEL_SIZE.label(), kernelSize);
        fields.put(Field.FRAMES.label(), frames);
        fields.put(Field.CLASSES.label(), classes);
        fields.put(Field.NORM.label(), hasBatchNorm ? "batch" : "eta");
        fields.put(Field.ACTIVATION.label(), isRectified ? "relu" : "tanh");
        fields.put(STATISTICS_DECAY, statisticsDecay);
        fields.put(Field.IMAGE_SIZE.label(), new ImageSize(imageHeight, imageWidth).label());
        return fields;
    }
}
