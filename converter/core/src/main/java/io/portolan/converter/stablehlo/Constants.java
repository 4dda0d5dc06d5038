package io.portolan.converter.stablehlo;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.programs.stablehlo.Elements;

/** Constants of programs as constants of graphs. */
public final class Constants {
    private Constants() {}

    /** A constant: of a splat, a scalar. */
    public static TranslatedTensor of(Elements elements, GraphBuilder b) {
        long[] shape =
                elements.isSplat() ? new long[0] : Shapes.array(elements.type().dims());
        Value re = b.constant(ElementTypes.data(elements, 0, shape));
        return elements.type().element().isComplex()
                ? new ComplexValue(re, b.constant(ElementTypes.data(elements, 1, shape)))
                : new RealValue(re);
    }
}
