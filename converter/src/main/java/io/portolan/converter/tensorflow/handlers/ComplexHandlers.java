package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.HandlerRegistry;
import io.portolan.converter.tensorflow.Imported;
import io.portolan.converter.tensorflow.Imported.ComplexValue;
import io.portolan.converter.tensorflow.Imported.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpHandler;
import java.util.function.BiFunction;

/** Ops between real and complex tensors, and those that mean something else for each. */
final class ComplexHandlers {
    /** An op of two complex tensors. */
    private interface ComplexBinary {
        ComplexValue apply(GraphBuilder builder, ComplexValue x, ComplexValue y);
    }

    private ComplexHandlers() {}

    /** Adds this family. */
    static void register(HandlerRegistry.Builder table) {
        table.add("Complex", OpHandler.single(ComplexHandlers::complex))
                .real("Real", node -> node.imported(0) instanceof ComplexValue pair ? pair.re() : node.input(0))
                .real("Imag", node -> node.complex(0).im())
                .add("Conj", OpHandler.single(ComplexHandlers::conjugate))
                .real("ComplexAbs", node -> ComplexArithmetic.abs(node.builder(), node.complex(0)))
                .real("Angle", ComplexHandlers::angle)
                .add("Cast", OpHandler.single(ComplexHandlers::cast))
                .add("Mul", binary(StandardOp.MUL, ComplexArithmetic::multiply))
                .add("Div", binary(StandardOp.DIV, ComplexArithmetic::divide))
                .add("RealDiv", binary(StandardOp.DIV, ComplexArithmetic::divide))
                .add("Exp", unary(StandardOp.EXP, ComplexArithmetic::exp))
                .add("Reciprocal", unary(StandardOp.RECIPROCAL, ComplexArithmetic::reciprocal))
                .add("Square", OpHandler.single(ComplexHandlers::square));
    }

    private static OpHandler unary(StandardOp real, BiFunction<GraphBuilder, ComplexValue, ComplexValue> complex) {
        return OpHandler.single(node -> node.hasComplexInput()
                ? complex.apply(node.builder(), node.complex(0))
                : new RealValue(node.builder().apply(real, node.input(0))));
    }

    private static OpHandler binary(StandardOp real, ComplexBinary complex) {
        return OpHandler.single(node -> node.hasComplexInput()
                ? complex.apply(node.builder(), node.complex(0), node.complex(1))
                : new RealValue(node.builder().apply(real, node.input(0), node.input(1))));
    }

    /** The two parts may have to be broadcast: as a pair they always have one shape. */
    private static Imported complex(NodeContext node) {
        GraphBuilder b = node.builder();
        Value re = node.input(0);
        Value im = node.input(1);
        if (re.shape().sameAs(im.shape())) {
            return new ComplexValue(re, im);
        }
        return new ComplexValue(b.add(re, zerosLike(b, im)), b.add(im, zerosLike(b, re)));
    }

    private static Imported conjugate(NodeContext node) {
        return node.hasComplexInput() ? ComplexArithmetic.conjugate(node.builder(), node.complex(0)) : node.imported(0);
    }

    private static Value angle(NodeContext node) {
        ComplexValue x = node.complex(0);
        return SpecialFunctions.atan2(node.builder(), x.im(), x.re());
    }

    private static Imported square(NodeContext node) {
        GraphBuilder b = node.builder();
        return node.hasComplexInput() ? ComplexArithmetic.square(b, node.complex(0))
                : new RealValue(b.mul(node.input(0), node.input(0)));
    }

    /** A complex tensor made real loses its imaginary part; a real one made complex has the imaginary part 0. */
    private static Imported cast(NodeContext node) {
        GraphBuilder b = node.builder();
        Imported x = node.imported(0);
        Value re = b.cast(x instanceof ComplexValue pair ? pair.re() : node.input(0), node.type("DstT"));
        if (!node.isComplexType("DstT")) {
            return new RealValue(re);
        }
        return new ComplexValue(re, x instanceof ComplexValue pair ? b.cast(pair.im(), node.type("DstT"))
                : zerosLike(b, re));
    }

    private static Value zerosLike(GraphBuilder b, Value x) {
        return b.expand(b.like(x, 0), b.shapeOf(x));
    }
}
