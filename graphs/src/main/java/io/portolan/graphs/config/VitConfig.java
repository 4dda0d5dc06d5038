package io.portolan.graphs.config;

import io.portolan.images.ImageInput;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The configuration of the reference's vision transformer ({@code docs/model.md}, section 8.2).
 *
 * @param channels D, the width of a token; a multiple of the heads
 * @param depth number of blocks
 * @param heads of each attention
 * @param patchSize side of a patch in pixels
 * @param hidden width between the two layers of an MLP
 * @param temporalEvery attention over time comes behind every so many blocks; 0 for never
 * @param hasPositions whether patches have learned positions
 * @param classes number of logits
 * @param frames T
 * @param inputForm whether an input is an image, the same in every frame, or a video
 */
public record VitConfig(
        int channels,
        int depth,
        int heads,
        int patchSize,
        int hidden,
        int temporalEvery,
        boolean hasPositions,
        int classes,
        int frames,
        InputForm inputForm,
        int imageHeight,
        int imageWidth)
        implements ModelConfig {
    static final String HEADS = "num_heads";
    static final String PATCH_SIZE = "patch_size";
    static final String MLP_RATIO = "mlp_ratio";
    static final String TEMPORAL_EVERY = "temporal_attn_every";
    static final String NO_TEMPORAL = "no_temporal_attn";
    static final String NO_POSITIONS = "no_pos_embed";

    @Override
    public Architecture architecture() {
        return Architecture.BASELINE;
    }

    /** Rows of patches; pixels beyond the last whole patch are not seen. */
    public int mapHeight() {
        return imageHeight / patchSize;
    }

    /** Columns of patches. */
    public int mapWidth() {
        return imageWidth / patchSize;
    }

    /** Whether frames attend to each other behind a block, counted from 0. */
    public boolean attendsOverTimeAfter(int block) {
        return temporalEvery > 0 && (block + 1) % temporalEvery == 0;
    }

    @Override
    public ImageInput input() {
        return switch (inputForm) {
            case IMAGE -> ImageInput.still(imageHeight, imageWidth);
            case VIDEO -> ImageInput.video(frames, imageHeight, imageWidth);
        };
    }

    @Override
    public VitConfig withFrames(int steps) {
        return with(steps, inputForm);
    }

    @Override
    public VitConfig withInput(InputForm form) {
        return with(frames, form);
    }

    private VitConfig with(int steps, InputForm form) {
        return new VitConfig(
                channels,
                depth,
                heads,
                patchSize,
                hidden,
                temporalEvery,
                hasPositions,
                classes,
                steps,
                form,
                imageHeight,
                imageWidth);
    }

    @Override
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(Architecture.LABEL, architecture().label());
        fields.put(Field.CHANNELS.label(), channels);
        fields.put(Field.DEPTH.label(), depth);
        fields.put(HEADS, heads);
        fields.put(PATCH_SIZE, patchSize);
        fields.put(MLP_RATIO, (double) hidden / channels);
        if (temporalEvery > 0) {
            fields.put(TEMPORAL_EVERY, temporalEvery);
        }
        fields.put(NO_TEMPORAL, temporalEvery == 0);
        fields.put(NO_POSITIONS, !hasPositions);
        fields.put(Field.CLASSES.label(), classes);
        fields.put(Field.FRAMES.label(), frames);
        fields.put(Field.INPUT.label(), inputForm.label());
        fields.put(Field.IMAGE_SIZE.label(), new ImageSize(imageHeight, imageWidth).label());
        return fields;
    }
}
