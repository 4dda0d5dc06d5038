package io.portolan.graphs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.images.ImageInput;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that decides what a SimpleCSSM computes, besides its weights ({@code docs/model.md}, section 1.1).
 *
 * @param inputForm whether one input is an image, shown {@code frames} times, or a video of {@code frames} frames
 * @param imageHeight height of the input in pixels
 * @param imageWidth width of the input in pixels
 * @param frames T, the number of time steps ({@code seq_len})
 * @param classes number of logits
 * @param channels C, the width of stem and cells ({@code embed_dim}); even
 * @param depth number of cells in a row
 * @param kernelSize side of the spatial kernels
 */
public record ModelConfig(
        CellType cell,
        int channels,
        int depth,
        int kernelSize,
        int classes,
        NormType norm,
        PositionMode positions,
        ActivationType activation,
        Pooling pooling,
        FrameReadout frameReadout,
        int frames,
        InputForm inputForm,
        int imageHeight,
        int imageWidth) {

    /** What one input of the model is. */
    public ImageInput input() {
        return switch (inputForm) {
            case IMAGE -> ImageInput.still(imageHeight, imageWidth);
            case VIDEO -> ImageInput.video(frames, imageHeight, imageWidth);
        };
    }

    /** The same model at another number of steps. */
    public ModelConfig withFrames(int steps) {
        return new ModelConfig(
                cell,
                channels,
                depth,
                kernelSize,
                classes,
                norm,
                positions,
                activation,
                pooling,
                frameReadout,
                steps,
                inputForm,
                imageHeight,
                imageWidth);
    }

    /** Height of the map that the cells see: the stem halves twice, rounding up. */
    public int mapHeight() {
        return halvedTwice(imageHeight);
    }

    /** Width of the map that the cells see. */
    public int mapWidth() {
        return halvedTwice(imageWidth);
    }

    /** The same model for another form of input. */
    public ModelConfig withInput(InputForm form) {
        return new ModelConfig(
                cell,
                channels,
                depth,
                kernelSize,
                classes,
                norm,
                positions,
                activation,
                pooling,
                frameReadout,
                frames,
                form,
                imageHeight,
                imageWidth);
    }

    static int halvedTwice(int pixels) {
        return (pixels + 3) / 4;
    }

    /** The fields under the reference's names, in a form that {@link ConfigResolver} reads back. */
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(Field.CELL.label(), cell.label());
        fields.put(Field.CHANNELS.label(), channels);
        fields.put(Field.DEPTH.label(), depth);
        fields.put(Field.KERNEL_SIZE.label(), kernelSize);
        fields.put(Field.CLASSES.label(), classes);
        fields.put(Field.NORM.label(), norm.label());
        fields.put(Field.POSITIONS.label(), positions.label());
        fields.put(Field.ACTIVATION.label(), activation.label());
        fields.put(Field.POOLING.label(), pooling.label());
        fields.put(Field.FRAME_READOUT.label(), frameReadout.label());
        fields.put(Field.FRAMES.label(), frames);
        fields.put(Field.INPUT.label(), inputForm.label());
        fields.put(Field.IMAGE_SIZE.label(), new ImageSize(imageHeight, imageWidth).label());
        return fields;
    }

    /** {@link #toMap} as JSON. */
    public String toJson() {
        try {
            return new ObjectMapper().writeValueAsString(toMap());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
