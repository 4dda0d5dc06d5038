package io.portolan.graphs.config;

import static io.portolan.graphs.config.FieldReader.axis;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import java.util.List;
import java.util.Optional;

/** Finds the configuration of an hGRU. */
final class HgruResolver implements Architecture.Resolver {
    @Override
    public ResolvedConfig resolve(Checkpoint checkpoint, Description description) {
        FieldReader fields = new FieldReader(description);
        HgruConfig config = read(fields, Optional.of(checkpoint.parameters()), Optional.empty());
        return new ResolvedConfig(config, List.of());
    }

    @Override
    public HgruConfig fromScratch(Description description, ImageSize data) {
        return read(new FieldReader(description), Optional.empty(), Optional.of(data));
    }

    private static HgruConfig read(FieldReader fields, Optional<ParameterTree> tree, Optional<ImageSize> data) {
        boolean rectified = tree.isPresent() && tree.get().contains("hgru/w_exc");
        Optional<Boolean> normed = tree.map(arrays -> arrays.contains("hgru/bn_g1_0"));
        Optional<Long> steps = tree.flatMap(arrays ->
                normed.orElseThrow() ? Optional.of((long) batchNorms(arrays)) : axis(arrays, "hgru/eta", 1, 0));
        ImageSize size = fields.size(data);
        HgruConfig config = new HgruConfig(
                fields.count(HgruConfig.CHANNELS, tree.flatMap(arrays -> axis(arrays, "input/bias", 1, 0)), "25"),
                fields.count(
                        Field.KERNEL_SIZE.label(),
                        tree.flatMap(arrays -> axis(arrays, rectified ? "hgru/w_exc" : "hgru/w", 4, 0)),
                        "15"),
                fields.count(Field.FRAMES.label(), steps, "8"),
                fields.count(Field.CLASSES.label(), tree.flatMap(arrays -> axis(arrays, "head/bias", 1, 0)), "2"),
                fields.oneOf(Field.NORM.label(), normed.map(batch -> batch ? "batch" : "eta"), "batch", "batch", "eta")
                        .equals("batch"),
                fields.oneOf(
                                Field.ACTIVATION.label(),
                                tree.map(arrays -> rectified ? "relu" : "tanh"),
                                "tanh",
                                "tanh",
                                "relu")
                        .equals("relu"),
                fields.part(HgruConfig.STATISTICS_DECAY, 0.999),
                size.height(),
                size.width());
        fields.requireNoOthers(Architecture.HGRU);
        fields.requireComplete(Architecture.HGRU);
        return config;
    }

    private static int batchNorms(ParameterTree tree) {
        return Traces.numbered(tree, "hgru/bn_g1_", 0);
    }
}
