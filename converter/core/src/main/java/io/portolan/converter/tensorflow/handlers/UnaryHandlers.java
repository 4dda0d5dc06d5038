package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATING;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.NARROW_INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMERIC;
import static io.portolan.converter.tensorflow.ElementTypes.WRAPPING_INTEGERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.BesselFunctions;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.ErrorFunction;
import io.portolan.converter.lowering.GammaFunctions;
import io.portolan.converter.lowering.InverseErrorFunction;
import io.portolan.converter.lowering.SpecialFunctions;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.lowering.Trigonometry;
import io.portolan.converter.tensorflow.ElementTypes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.function.BiFunction;
import org.tensorflow.proto.DataType;

/** Elementwise functions and activations of one tensor. */
final class UnaryHandlers {
    private static final ElementTypes SIGNED = ElementTypes.of(DataType.DT_INT8, DataType.DT_INT16);

    static final List<OpDefinition> OPS = List.of(
            op("Abs", NUMERIC).widening(SIGNED).real(node -> node.builder().apply(StandardOp.ABS, node.input(0))),
            operator("Ceil", FLOATING, StandardOp.CEIL),
            operator("Floor", FLOATING, StandardOp.FLOOR),
            operator("Rint", FLOATS, StandardOp.ROUND),
            operator("Round", FLOATING, StandardOp.ROUND),
            op("Sign", NUMERIC.and(COMPLEX))
                    .widening(SIGNED)
                    .single(node -> both(node, StandardOp.SIGN, ComplexArithmetic::sign)),
            op("Neg", NUMERIC.and(COMPLEX))
                    .widening(SIGNED)
                    .partwise(node -> node.builder().neg(node.input(0))),
            complexToo("Exp", StandardOp.EXP, ComplexArithmetic::exp),
            complexToo("Log", StandardOp.LOG, ComplexArithmetic::log),
            complexToo("Sqrt", StandardOp.SQRT, ComplexArithmetic::sqrt),
            complexToo("Reciprocal", StandardOp.RECIPROCAL, ComplexArithmetic::reciprocal),
            complexToo("Inv", StandardOp.RECIPROCAL, ComplexArithmetic::reciprocal),
            complexToo(
                    "Rsqrt",
                    UnaryHandlers::reciprocalRoot,
                    (b, z) -> ComplexArithmetic.reciprocal(b, ComplexArithmetic.sqrt(b, z))),
            op("Square", NUMERIC.and(COMPLEX))
                    .widening(WRAPPING_INTEGERS)
                    .single(node -> both(node, (b, x) -> b.mul(x, x), ComplexArithmetic::square)),
            function("Expm1", SpecialFunctions::expm1),
            function("Log1p", SpecialFunctions::log1p),
            function("Erf", ErrorFunction::erf),
            function("Erfc", ErrorFunction::erfc),
            special("Erfinv", InverseErrorFunction::of),
            special("Lgamma", GammaFunctions::logGamma),
            special("Digamma", GammaFunctions::digamma),
            special("Ndtri", InverseErrorFunction::quantile),
            special("BesselI0", BesselFunctions.I0::of),
            special("BesselI0e", BesselFunctions.I0::scaled),
            special("BesselI1", BesselFunctions.I1::of),
            special("BesselI1e", BesselFunctions.I1::scaled),
            complexToo("Sin", StandardOp.SIN, ComplexArithmetic::sin),
            complexToo("Cos", StandardOp.COS, ComplexArithmetic::cos),
            complexToo("Sinh", Trigonometry::sinh, ComplexArithmetic::sinh),
            complexToo("Cosh", Trigonometry::cosh, ComplexArithmetic::cosh),
            complexToo("Tan", Trigonometry::tan, ComplexArithmetic::tan),
            function("Asin", Trigonometry::asin),
            function("Acos", Trigonometry::acos),
            function("Atan", Trigonometry::atan),
            complexToo("Tanh", StandardOp.TANH, ComplexArithmetic::tanh),
            function("Asinh", Trigonometry::asinh),
            function("Acosh", Trigonometry::acosh),
            function("Atanh", Trigonometry::atanh),
            complexToo("Sigmoid", StandardOp.SIGMOID, ComplexArithmetic::sigmoid),
            function("Softplus", UnaryHandlers::softplus),
            function("Softsign", (b, x) -> b.div(x, b.add(b.like(x, 1), b.apply(StandardOp.ABS, x)))),
            op("Relu", NUMERIC).widening(NARROW_INTEGERS).real(UnaryHandlers::relu),
            op("Relu6", NUMERIC).widening(NARROW_INTEGERS).real(node -> relu6(node.builder(), node.input(0))),
            op("LeakyRelu", FLOATING)
                    .reads("alpha")
                    .real(node -> leakyRelu(node.builder(), node.input(0), (float) node.real("alpha", 0.2f))),
            function("Elu", UnaryHandlers::elu),
            function("Selu", UnaryHandlers::selu));

    static final double SELU_ALPHA = 1.6732632423543772848170429916717;
    static final double SELU_SCALE = 1.0507009873554804934193349852946;

    private UnaryHandlers() {}

    private static OpDefinition operator(String name, ElementTypes types, StandardOp operator) {
        return op(name, types).real(node -> node.builder().apply(operator, node.input(0)));
    }

    private static OpDefinition function(String name, BiFunction<GraphBuilder, Value, Value> function) {
        return op(name, FLOATING).real(node -> inFloat(node.builder(), node.input(0), function));
    }

    /** A function of which TensorFlow has no kernels for types of 16 bits. */
    private static OpDefinition special(String name, BiFunction<GraphBuilder, Value, Value> function) {
        return op(name, FLOATS).real(node -> function.apply(node.builder(), node.input(0)));
    }

    /** Types of 16 bits are too coarse for the steps of a composed function. */
    private static Value inFloat(GraphBuilder b, Value x, BiFunction<GraphBuilder, Value, Value> function) {
        boolean isHalf = x.element() == OnnxType.FLOAT16 || x.element() == OnnxType.BFLOAT16;
        return isHalf ? b.cast(function.apply(b, b.cast(x, OnnxType.FLOAT)), x.element()) : function.apply(b, x);
    }

    private static OpDefinition complexToo(
            String name, StandardOp real, BiFunction<GraphBuilder, ComplexValue, ComplexValue> complex) {
        return complexToo(name, (b, x) -> b.apply(real, x), complex);
    }

    private static OpDefinition complexToo(
            String name,
            BiFunction<GraphBuilder, Value, Value> real,
            BiFunction<GraphBuilder, ComplexValue, ComplexValue> complex) {
        return op(name, FLOATING.and(COMPLEX)).single(node -> both(node, real, complex));
    }

    private static TranslatedTensor both(
            NodeContext node, StandardOp real, BiFunction<GraphBuilder, ComplexValue, ComplexValue> complex) {
        return both(node, (b, x) -> b.apply(real, x), complex);
    }

    private static TranslatedTensor both(
            NodeContext node,
            BiFunction<GraphBuilder, Value, Value> real,
            BiFunction<GraphBuilder, ComplexValue, ComplexValue> complex) {
        return node.hasComplexInput()
                ? complex.apply(node.builder(), node.complex(0))
                : new RealValue(inFloat(node.builder(), node.input(0), real));
    }

    private static Value reciprocalRoot(GraphBuilder b, Value x) {
        return b.apply(StandardOp.RECIPROCAL, b.apply(StandardOp.SQRT, x));
    }

    private static Value relu(NodeContext node) {
        Value x = node.input(0);
        GraphBuilder b = node.builder();
        return x.element().isFloating() ? b.apply(StandardOp.RELU, x) : b.apply(StandardOp.MAX, x, b.like(x, 0));
    }

    static Value relu6(GraphBuilder b, Value x) {
        return b.apply(StandardOp.CLIP, x, b.like(x, 0), b.like(x, 6));
    }

    static Value leakyRelu(GraphBuilder b, Value x, float alpha) {
        return isDouble(x)
                ? b.where(isPositive(b, x), x, b.mul(x, b.like(x, alpha)))
                : b.apply(StandardOp.LEAKY_RELU, Attributes.NONE.with("alpha", new Attribute.Real(alpha)), x);
    }

    private static Value softplus(GraphBuilder b, Value x) {
        if (!isDouble(x)) {
            return b.apply(StandardOp.SOFTPLUS, x);
        }
        Value small = b.apply(StandardOp.EXP, b.neg(b.apply(StandardOp.ABS, x)));
        return b.add(b.apply(StandardOp.RELU, x), SpecialFunctions.log1p(b, small));
    }

    static Value elu(GraphBuilder b, Value x) {
        return isDouble(x) ? b.where(isPositive(b, x), x, SpecialFunctions.expm1(b, x)) : b.apply(StandardOp.ELU, x);
    }

    /** ONNX has TensorFlow's two constants rounded to floats; for doubles they are used in full precision. */
    private static Value selu(GraphBuilder b, Value x) {
        if (!isDouble(x)) {
            return b.apply(StandardOp.SELU, x);
        }
        Value below = b.mul(b.like(x, SELU_ALPHA), SpecialFunctions.expm1(b, x));
        return b.mul(b.like(x, SELU_SCALE), b.where(isPositive(b, x), x, below));
    }

    /** Operators with float kernels only are composed of simpler ones for doubles. */
    private static boolean isDouble(Value x) {
        return x.element() == OnnxType.DOUBLE;
    }

    private static Value isPositive(GraphBuilder b, Value x) {
        return b.apply(StandardOp.GREATER, x, b.like(x, 0));
    }
}
