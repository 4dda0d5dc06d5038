package io.portolan.converter.export;

import io.portolan.converter.passes.PassPipeline;
import io.portolan.converter.passes.WeightType;
import java.util.OptionalLong;

/**
 * How a model is exported.
 *
 * @param passes what the graph goes through
 * @param weights how large weights are stored; one of the passes sees to it
 * @param batch samples at a time; empty for any number
 */
public record ExportOptions(PassPipeline passes, WeightType weights, OptionalLong batch) {
    /** The standard passes, float32, any batch. */
    public static ExportOptions defaults() {
        return new ExportOptions(PassPipeline.standard(), WeightType.FLOAT32, OptionalLong.empty());
    }
}
