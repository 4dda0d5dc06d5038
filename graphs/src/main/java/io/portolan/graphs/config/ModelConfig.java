package io.portolan.graphs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.images.ImageInput;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configuration of a SimpleCSSM: everything but the weights that determines what it computes ({@code
 * docs/model.md}, section 1.1).
 *
 * @param inputForm whether an input is an image, repeated {@code frames} times, or a video of {@code frames} frames
 * @param imageHeight height of the input in pixels
 * @param imageWidth width of the input in pixels
 * @param frames T, the number of time steps ({@code seq_len})
 * @param classes number of logits
 * @param channels C, the width of the stem and the cells ({@code embed_dim}); even
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

    /** The description of the model's input. */
    public ImageInput input() {
        return switch (inputForm) {
            case IMAGE -> ImageInput.still(imageHeight, imageWidth);
            case VIDEO -> ImageInput.video(frames, imageHeight, imageWidth);
        };
    }

    /** A copy with another number of time steps. */
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

    /** Height of the cells' feature map: the stem halves it twice, rounding up. */
    public int mapHeight() {
        return halvedTwice(imageHeight);
    }

    /** Width of the cells' feature map. */
    public int mapWidth() {
        return halvedTwice(imageWidth);
    }

    /** A copy with another form of input. */
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

    /** The fields by the reference's names, in the form that {@link ConfigResolver} reads. */
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
