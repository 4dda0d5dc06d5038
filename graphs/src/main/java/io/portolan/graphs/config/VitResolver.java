package io.portolan.graphs.config;

import static io.portolan.graphs.config.FieldReader.axis;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds the configuration of the reference's vision transformer. */
final class VitResolver implements Architecture.Resolver {
    @Override
    public ResolvedConfig resolve(Checkpoint checkpoint, Description description) {
        FieldReader fields = new FieldReader(description);
        return new ResolvedConfig(read(fields, Optional.of(checkpoint.parameters()), Optional.empty()), List.of());
    }

    @Override
    public VitConfig fromScratch(Description description, ImageSize data) {
        return read(new FieldReader(description), Optional.empty(), Optional.of(data));
    }

    private static VitConfig read(FieldReader fields, Optional<ParameterTree> tree, Optional<ImageSize> data) {
        int channels = fields.count(
                Field.CHANNELS.label(), tree.flatMap(arrays -> axis(arrays, "patch_embed/proj/bias", 1, 0)), "384");
        int depth = fields.count(Field.DEPTH.label(), tree.map(arrays -> Traces.numbered(arrays, "block", 0)), "12");
        int patch = fields.count(
                VitConfig.PATCH_SIZE, tree.flatMap(arrays -> axis(arrays, "patch_embed/proj/kernel", 4, 0)), "16");
        Optional<ImageSize> shown = tree.flatMap(arrays -> axis(arrays, "pos_embed", 5, 2)
                .flatMap(rows -> axis(arrays, "pos_embed", 5, 3)
                        .map(columns -> new ImageSize((int) (rows * patch), (int) (columns * patch)))));
        ImageSize size = fields.size(data.or(() -> shown));
        shown.filter(map ->
                        map.height() / patch != size.height() / patch || map.width() / patch != size.width() / patch)
                .ifPresent(map -> {
                    throw new ConfigException("configuration: image_size " + size.label() + " gives "
                            + size.height() / patch + "x" + size.width() / patch + " patches, but 'pos_embed' has "
                            + map.height() / patch + "x" + map.width() / patch + "; a " + map.label()
                            + " image would fit");
                });
        int hidden = tree.flatMap(arrays -> axis(arrays, "block0/mlp/fc1/bias", 1, 0))
                .map(Long::intValue)
                .orElseGet(() -> (int) (channels * ratio(fields.text(VitConfig.MLP_RATIO, Optional.empty(), "4.0"))));
        VitConfig config = new VitConfig(
                channels,
                depth,
                fields.count(VitConfig.HEADS, Optional.empty(), tree.isPresent() ? null : "6"),
                patch,
                hidden,
                temporalEvery(fields, tree, depth),
                fields.oneOf(
                                VitConfig.NO_POSITIONS,
                                tree.map(arrays -> !arrays.contains("pos_embed")),
                                "false",
                                "false",
                                "true")
                        .equals("false"),
                fields.count(Field.CLASSES.label(), tree.flatMap(arrays -> axis(arrays, "head/bias", 1, 0)), "2"),
                fields.count(Field.FRAMES.label(), Optional.empty(), "8"),
                Choice.parse(
                        InputForm.class,
                        Field.INPUT.label(),
                        fields.text(Field.INPUT.label(), Optional.empty(), InputForm.IMAGE.label())),
                size.height(),
                size.width());
        fields.requireComplete(Architecture.BASELINE);
        if (config.channels() % config.heads() != 0) {
            throw new ConfigException("configuration: " + VitConfig.HEADS + " '" + config.heads() + "' does not divide "
                    + Field.CHANNELS.label() + " '" + config.channels() + "'");
        }
        return config;
    }

    private static double ratio(String text) {
        return Values.number(text)
                .filter(ratio -> ratio > 0 && ratio < 1e4)
                .orElseThrow(() -> new ConfigException(
                        "configuration: " + VitConfig.MLP_RATIO + " '" + text + "' is not a positive number"));
    }

    /** The first block with attention over time behind it tells how often there is one. */
    private static int temporalEvery(FieldReader fields, Optional<ParameterTree> tree, int depth) {
        Optional<Integer> first = tree.map(arrays -> IntStream.range(0, depth)
                .filter(i -> arrays.contains("temporal_block" + i))
                .map(i -> i + 1)
                .findFirst()
                .orElse(0));
        boolean none = fields.oneOf(VitConfig.NO_TEMPORAL, Optional.empty(), "false", "false", "true")
                .equals("true");
        int every = fields.count(VitConfig.TEMPORAL_EVERY, first.filter(behind -> behind > 0), "3");
        return first.orElse(none ? 0 : every);
    }
}
