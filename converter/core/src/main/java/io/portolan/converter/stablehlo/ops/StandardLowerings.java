package io.portolan.converter.stablehlo.ops;

import io.portolan.converter.stablehlo.LoweringRegistry;
import java.util.List;

/** The lowerings of all operations that can be converted. */
public final class StandardLowerings {
    private static final LoweringRegistry REGISTRY = LoweringRegistry.of(List.of(
            ArithmeticOps.OPS,
            UnaryOps.OPS,
            BitOps.OPS,
            ComparisonOps.OPS,
            ConversionOps.OPS,
            ShapeOps.OPS,
            PadOps.OPS,
            DynamicShapeOps.OPS,
            DynamicIndexOps.OPS,
            ControlOps.OPS,
            ProductOps.OPS,
            ConvolutionOps.OPS,
            ReductionOps.OPS,
            WindowOps.OPS,
            FourierOps.OPS,
            GatherOps.OPS,
            ScatterOps.OPS,
            SortOps.OPS,
            BitcastOps.OPS,
            CustomCallOps.OPS,
            LinearAlgebraOps.OPS));

    private StandardLowerings() {}

    /** All of them. */
    public static LoweringRegistry registry() {
        return REGISTRY;
    }
}
