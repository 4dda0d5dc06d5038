package io.portolan.converter;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.onnx.OpsetException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a model is exported. The passes follow from these choices.
 *
 * @param fourier what Fourier transforms are written as
 * @param weights how large weights are stored
 * @param target the runtime that shall run the model
 * @param omitted the names of passes to leave out
 * @param batch samples at a time; empty for any number
 * @param opset the version of ONNX's operators to write
 */
public record ExportOptions(
        FourierForm fourier, WeightType weights, Target target, Set<String> omitted, OptionalLong batch, Opset opset) {
    /**
     * Choices that go together.
     *
     * @throws IllegalArgumentException if a pass to leave out is not one of those that the other choices lead to, or cannot be left
     *     out, or the batch holds no sample
     * @throws OpsetException if the opset lacks the operator that Fourier transforms are to be written as
     * @throws TargetException if the target lacks it
     */
    public ExportOptions {
        omitted = Set.copyOf(omitted);
        PassPipeline.of(fourier, weights, target).without(omitted);
        StandardOp transform = fourier.operator();
        if (transform.since() > opset.version()) {
            throw new OpsetException(opset, Map.of(transform.opName(), transform.since()));
        }
        target.requireKnown(Stream.of(transform));
        if (batch.isPresent() && batch.getAsLong() < 1) {
            throw new IllegalArgumentException("a batch holds 1 sample or more, not " + batch.getAsLong());
        }
    }

    /** Products for transforms, float32, any runtime, all passes, any batch, the usual opset. */
    public static ExportOptions defaults() {
        return new ExportOptions(
                FourierForm.MATMUL, WeightType.FLOAT32, Target.ANY, Set.of(), OptionalLong.empty(), Opset.DEFAULT);
    }

    /** The same with another form of Fourier transforms. */
    public ExportOptions with(FourierForm other) {
        return new ExportOptions(other, weights, target, omitted, batch, opset);
    }

    /** The same with weights of another type. */
    public ExportOptions with(WeightType other) {
        return new ExportOptions(fourier, other, target, omitted, batch, opset);
    }

    /** The same for another runtime, with the batch that suits it best if no other was chosen. */
    public ExportOptions with(Target other) {
        return new ExportOptions(fourier, weights, other, omitted, batch.isPresent() ? batch : other.batch(), opset);
    }

    /** The same without these passes. */
    public ExportOptions without(Set<String> passes) {
        return new ExportOptions(fourier, weights, target, passes, batch, opset);
    }

    /** The same for that many samples at a time. */
    public ExportOptions withBatch(long samples) {
        return new ExportOptions(fourier, weights, target, omitted, OptionalLong.of(samples), opset);
    }

    /** The same in another opset. */
    public ExportOptions in(Opset other) {
        return new ExportOptions(fourier, weights, target, omitted, batch, other);
    }

    /** What the graph goes through. */
    public PassPipeline passes() {
        return PassPipeline.of(fourier, weights, target).without(omitted);
    }

    /**
     * Runs the passes on a graph.
     *
     * @throws io.portolan.converter.TargetException if operators are left that the target does not have
     */
    public List<PassPipeline.Step> simplify(OnnxGraph graph) {
        List<PassPipeline.Step> steps = passes().run(graph);
        target.requireKnown(graph);
        return steps;
    }
}
