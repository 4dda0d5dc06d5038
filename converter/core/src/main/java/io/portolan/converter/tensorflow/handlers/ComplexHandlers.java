package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.MOVED;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.SpecialFunctions;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/** Conversions between real and complex tensors, and between element types. */
final class ComplexHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Complex", FLOATS).single(ComplexHandlers::complex),
            op("Real", COMPLEX).real(node -> node.complex(0).re()),
            op("Imag", COMPLEX).real(node -> node.complex(0).im()),
            op("Conj", COMPLEX).single(node -> ComplexArithmetic.conjugate(node.builder(), node.complex(0))),
            op("ComplexAbs", COMPLEX).real(node -> ComplexArithmetic.abs(node.builder(), node.complex(0))),
            op("Angle", COMPLEX).real(ComplexHandlers::angle),
            op("Cast", MOVED).typedBy("SrcT").reads("DstT", "Truncate").single(ComplexHandlers::cast));

    private ComplexHandlers() {}

    /** Broadcasts the two parts, because those of a complex tensor have the same shape. */
    private static TranslatedTensor complex(NodeContext node) {
        GraphBuilder b = node.builder();
        Value re = node.input(0);
        Value im = node.input(1);
        if (re.shape().sameAs(im.shape())) {
            return new ComplexValue(re, im);
        }
        return new ComplexValue(
                b.add(re, FillHandlers.filledLike(b, im, 0)), b.add(im, FillHandlers.filledLike(b, re, 0)));
    }

    private static Value angle(NodeContext node) {
        ComplexValue x = node.complex(0);
        return SpecialFunctions.atan2(node.builder(), x.im(), x.re());
    }

    /** A complex tensor made real loses its imaginary part; a real one made complex has the imaginary part 0. */
    private static TranslatedTensor cast(NodeContext node) {
        GraphBuilder b = node.builder();
        TranslatedTensor x = node.imported(0);
        if (node.flag("Truncate")) {
            throw new IllegalArgumentException("expected a cast that rounds, got one that truncates");
        }
        Value re = b.cast(x instanceof ComplexValue pair ? pair.re() : node.input(0), node.type("DstT"));
        if (!node.isComplexType("DstT")) {
            return new RealValue(re);
        }
        return new ComplexValue(
                re,
                x instanceof ComplexValue pair
                        ? b.cast(pair.im(), node.type("DstT"))
                        : FillHandlers.filledLike(b, re, 0));
    }
}
