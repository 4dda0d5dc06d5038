package io.portolan.converter;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.onnx.OpsetException;
import io.portolan.converter.passes.LayerNormalization;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Options of an export. The passes follow from them.
 *
 * @param fourier the operators that Fourier transforms are lowered to
 * @param weights how large weights are stored
 * @param target the runtime to export for
 * @param omitted the names of passes to leave out
 * @param batch the batch size; empty for a dynamic one
 * @param opset the version of ONNX's operator set to write; empty for the default one, or the oldest that the model needs if that is newer
 */
public record ExportOptions(
        FourierForm fourier,
        WeightType weights,
        Target target,
        Set<String> omitted,
        OptionalLong batch,
        Optional<Opset> opset) {
    /**
     * Checks that the options are consistent.
     *
     * @throws IllegalArgumentException if a pass to leave out is not among those of the other options, or cannot be left out, or the
     *     batch size is not positive
     * @throws OpsetException if the opset lacks the operator that Fourier transforms are lowered to
     * @throws TargetException if the target does not support it
     */
    public ExportOptions {
        omitted = Set.copyOf(omitted);
        PassPipeline.of(fourier, weights, target).without(omitted);
        StandardOp transform = fourier.operator();
        if (transform.since() > atLeast(opset).version()) {
            throw new OpsetException(atLeast(opset), Map.of(transform.opName(), transform.since()));
        }
        target.requireKnown(Stream.of(transform));
        if (batch.isPresent() && batch.getAsLong() < 1) {
            throw new IllegalArgumentException("a batch holds 1 sample or more, not " + batch.getAsLong());
        }
    }

    /** Fourier transforms as matrix products, float32 weights, any runtime, all passes, dynamic batch size, no chosen opset. */
    public static ExportOptions defaults() {
        return new ExportOptions(
                FourierForm.MATMUL, WeightType.FLOAT32, Target.ANY, Set.of(), OptionalLong.empty(), Optional.empty());
    }

    /** A copy with another form of Fourier transforms. */
    public ExportOptions with(FourierForm other) {
        return new ExportOptions(other, weights, target, omitted, batch, opset);
    }

    /** A copy with another weight type. */
    public ExportOptions with(WeightType other) {
        return new ExportOptions(fourier, other, target, omitted, batch, opset);
    }

    /** A copy for another runtime, with its preferred batch size if none was chosen. */
    public ExportOptions with(Target other) {
        return new ExportOptions(fourier, weights, other, omitted, batch.isPresent() ? batch : other.batch(), opset);
    }

    /** A copy that leaves out these passes. */
    public ExportOptions without(Set<String> passes) {
        return new ExportOptions(fourier, weights, target, passes, batch, opset);
    }

    /** A copy with a fixed batch size. */
    public ExportOptions withBatch(long samples) {
        return new ExportOptions(fourier, weights, target, omitted, OptionalLong.of(samples), opset);
    }

    /** A copy with another opset. */
    public ExportOptions in(Opset other) {
        return new ExportOptions(fourier, weights, target, omitted, batch, Optional.of(other));
    }

    private static Opset atLeast(Optional<Opset> chosen) {
        return chosen.orElse(Opset.DEFAULT);
    }

    /** The opset that a graph of ONNX operators is written in. */
    Opset opsetOf(OnnxGraph graph) {
        return opset.orElseGet(() -> graph.allNodes()
                .filter(node -> node.op() instanceof StandardOp)
                .map(node -> new Opset(((StandardOp) node.op()).firstOpset(node)))
                .reduce(Opset.DEFAULT, (one, other) -> one.version() < other.version() ? other : one));
    }

    /** The passes that the graph goes through. */
    public PassPipeline passes() {
        PassPipeline every = PassPipeline.of(fourier, weights, target);
        Set<String> left = new HashSet<>(omitted);
        boolean isTooNew =
                StandardOp.LAYER_NORMALIZATION.since() > atLeast(opset).version();
        if (isTooNew && every.optional().contains(LayerNormalization.NAME)) {
            left.add(LayerNormalization.NAME);
        }
        return every.without(left);
    }

    /**
     * Runs the passes on a graph.
     *
     * @throws io.portolan.converter.TargetException if operators remain that the target does not support
     */
    public List<PassPipeline.Step> simplify(OnnxGraph graph) {
        List<PassPipeline.Step> steps = passes().run(graph);
        target.requireKnown(graph);
        return steps;
    }
}
