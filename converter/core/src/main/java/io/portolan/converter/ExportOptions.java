package io.portolan.converter;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.passes.PassPipeline;
import io.portolan.converter.passes.Target;
import io.portolan.converter.passes.WeightType;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a model is exported.
 *
 * @param passes what the graph goes through
 * @param weights how large weights are stored; one of the passes sees to it
 * @param target the runtime that shall run the model; some of the passes see to it
 * @param batch samples at a time; empty for any number
 * @param opset the version of ONNX's operators to write
 */
public record ExportOptions(PassPipeline passes, WeightType weights, Target target, OptionalLong batch, Opset opset) {
    /** The standard passes, float32, any runtime, any batch, the usual opset. */
    public static ExportOptions defaults() {
        return new ExportOptions(PassPipeline.standard(), WeightType.FLOAT32, Target.ANY, OptionalLong.empty(), Opset.DEFAULT);
    }

    /** The same in another opset. */
    public ExportOptions in(Opset other) {
        return new ExportOptions(passes, weights, target, batch, other);
    }

    /**
     * Runs the passes on a graph.
     *
     * @throws io.portolan.converter.passes.TargetException if operators are left that the target does not have
     */
    public List<PassPipeline.Step> simplify(OnnxGraph graph) {
        List<PassPipeline.Step> steps = passes.run(graph);
        target.requireKnown(graph);
        return steps;
    }
}
