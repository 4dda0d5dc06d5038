package io.portolan.graphs.config;

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
 * @param kernelSize side of the spatial kernels; 1 for cells without any
 * @param norm of stem and body, where the options do not give them another
 * @param options of later revisions of the reference, and of single cells
 */
public record SimpleCssmConfig(
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
        int imageWidth,
        Options options)
        implements ModelConfig {

    @Override
    public Architecture architecture() {
        return Architecture.SIMPLE;
    }

    @Override
    public ImageInput input() {
        return switch (inputForm) {
            case IMAGE -> ImageInput.still(imageHeight, imageWidth);
            case VIDEO -> ImageInput.video(frames, imageHeight, imageWidth);
        };
    }

    /** The norm of the stem. */
    public NormType stemNorm() {
        return norm(ModelOption.STEM_NORM);
    }

    /** The norm between the cells and in the readout. */
    public NormType bodyNorm() {
        return norm(ModelOption.BODY_NORM);
    }

    private NormType norm(ModelOption own) {
        String label = options.text(own);
        return label.isEmpty() ? norm : Choice.parse(NormType.class, own.label(), label);
    }

    /** Whether the stem is one convolution that keeps the size. */
    public boolean hasPathtrackerStem() {
        return options.text(ModelOption.STEM_MODE).equals("pathtracker");
    }

    /** How often the stem halves the image. */
    public int halvings() {
        return hasPathtrackerStem() ? 0 : options.count(ModelOption.STEM_LAYERS);
    }

    /** Steps that the cells run: register tokens come before the frames. */
    public int steps() {
        return frames + registerTokens();
    }

    /** Steps before the frames, which are dropped before the readout. */
    public int registerTokens() {
        return options.count(ModelOption.REGISTER_TOKENS);
    }

    /** Height of the feature map that the cells see: the stem halves it, rounding up. */
    public int mapHeight() {
        return halved(imageHeight, halvings());
    }

    /** Width of the feature map that the cells see. */
    public int mapWidth() {
        return halved(imageWidth, halvings());
    }

    /** A number of pixels after that many halvings that round up. */
    static int halved(int pixels, int times) {
        int size = pixels;
        for (int i = 0; i < times && size > 1; i++) {
            size = (size + 1) / 2;
        }
        return size;
    }

    @Override
    public SimpleCssmConfig withFrames(int steps) {
        return with(steps, inputForm);
    }

    @Override
    public SimpleCssmConfig withInput(InputForm form) {
        return with(frames, form);
    }

    private SimpleCssmConfig with(int steps, InputForm form) {
        return new SimpleCssmConfig(
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
                form,
                imageHeight,
                imageWidth,
                options);
    }

    @Override
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(Field.CELL.label(), cell.label());
        fields.put(Field.CHANNELS.label(), channels);
        fields.put(Field.DEPTH.label(), depth);
        if (cell.hasKernel()) {
            fields.put(Field.KERNEL_SIZE.label(), kernelSize);
        }
        fields.put(Field.CLASSES.label(), classes);
        fields.put(Field.NORM.label(), norm.label());
        fields.put(Field.POSITIONS.label(), positions.label());
        fields.put(Field.ACTIVATION.label(), activation.label());
        fields.put(Field.POOLING.label(), pooling.label());
        fields.put(Field.FRAME_READOUT.label(), frameReadout.label());
        fields.put(Field.FRAMES.label(), frames);
        fields.put(Field.INPUT.label(), inputForm.label());
        fields.put(Field.IMAGE_SIZE.label(), new ImageSize(imageHeight, imageWidth).label());
        options.different().forEach((option, value) -> fields.put(option.label(), value));
        return fields;
    }
}
