package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Comparisons, and choices by them. */
final class ComparisonOps {
    private static final Set<OnnxType> CLIPPED =
            EnumSet.of(OnnxType.FLOAT, OnnxType.DOUBLE, OnnxType.FLOAT16, OnnxType.INT32, OnnxType.INT64);

    static final List<OpLowering> OPS = List.of(
            exact("stablehlo.compare", "Equal, Less, Greater, LessOrEqual, GreaterOrEqual, Not")
                    .except("the sign of NaN in the total order")
                    .single(ComparisonOps::compare),
            exact("stablehlo.select", "Where, And, Or").single(ComparisonOps::select),
            exact("stablehlo.clamp", "Clip, Max, Min").single(ComparisonOps::clamp),
            exact("stablehlo.is_finite", "Abs, Less").single(in -> Elementwise.unary(in, Numbers::isFinite)));

    private ComparisonOps() {}

    private static LoweredTensor compare(OpContext in) {
        String direction = in.op().keyword("comparison_direction");
        if (in.hasComplex()) {
            ComplexValue x = Elementwise.pair(in, 0);
            ComplexValue y = Elementwise.pair(in, 1);
            Value equal = in.b()
                    .apply(
                            StandardOp.AND,
                            in.b().apply(StandardOp.EQUAL, x.re(), y.re()),
                            in.b().apply(StandardOp.EQUAL, x.im(), y.im()));
            return Elementwise.result(
                    in,
                    switch (direction) {
                        case "EQ" -> equal;
                        case "NE" -> in.b().apply(StandardOp.NOT, equal);
                        default -> throw new IllegalArgumentException("complex numbers have no order " + direction);
                    });
        }
        boolean isTotal = in.op().has("compare_type")
                && in.op().keyword("compare_type").equals("TOTALORDER")
                && in.type(0).element().isFloat();
        return Elementwise.binary(
                in,
                isTotal ? (b, x, y) -> compareTotally(b, direction, x, y) : (b, x, y) -> compare(b, direction, x, y));
    }

    /** The order in which -0 is below 0, and NaN above all; the sign of NaN is not seen. */
    private static Value compareTotally(GraphBuilder b, String direction, Value x, Value y) {
        return switch (direction) {
            case "LT" -> isBelow(b, x, y);
            case "GT" -> isBelow(b, y, x);
            case "LE" -> b.apply(StandardOp.NOT, isBelow(b, y, x));
            case "GE" -> b.apply(StandardOp.NOT, isBelow(b, x, y));
            default -> {
                Value differs = b.apply(StandardOp.OR, isBelow(b, x, y), isBelow(b, y, x));
                yield direction.equals("NE") ? differs : b.apply(StandardOp.NOT, differs);
            }
        };
    }

    private static Value isBelow(GraphBuilder b, Value x, Value y) {
        Value zeros = b.apply(
                StandardOp.AND,
                b.apply(StandardOp.EQUAL, x, y),
                b.apply(StandardOp.LESS, b.apply(StandardOp.RECIPROCAL, x), b.apply(StandardOp.RECIPROCAL, y)));
        Value lastIsNan = b.apply(StandardOp.AND, b.apply(StandardOp.NOT, Numbers.isNan(b, x)), Numbers.isNan(b, y));
        return b.apply(StandardOp.OR, b.apply(StandardOp.OR, b.apply(StandardOp.LESS, x, y), zeros), lastIsNan);
    }

    /** Compares numbers or truth values, of which false is the smaller. */
    static Value compare(GraphBuilder b, String direction, Value x, Value y) {
        if (x.element() == OnnxType.BOOL && !direction.equals("EQ") && !direction.equals("NE")) {
            return switch (direction) {
                case "LT" -> b.apply(StandardOp.AND, b.apply(StandardOp.NOT, x), y);
                case "GT" -> b.apply(StandardOp.AND, x, b.apply(StandardOp.NOT, y));
                case "LE" -> b.apply(StandardOp.OR, b.apply(StandardOp.NOT, x), y);
                default -> b.apply(StandardOp.OR, x, b.apply(StandardOp.NOT, y));
            };
        }
        return switch (direction) {
            case "EQ" -> b.apply(StandardOp.EQUAL, x, y);
            case "NE" -> b.apply(StandardOp.NOT, b.apply(StandardOp.EQUAL, x, y));
            case "LT" -> b.apply(StandardOp.LESS, x, y);
            case "GT" -> b.apply(StandardOp.GREATER, x, y);
            case "LE" -> b.apply(StandardOp.LESS_OR_EQUAL, x, y);
            case "GE" -> b.apply(StandardOp.GREATER_OR_EQUAL, x, y);
            default -> throw new IllegalArgumentException("there is no comparison " + direction);
        };
    }

    private static LoweredTensor select(OpContext in) {
        TranslatedTensor yes = in.operand(1).compact();
        TranslatedTensor no = in.operand(2).compact();
        Value condition = in.compact(0);
        if (yes instanceof ComplexValue a && no instanceof ComplexValue c) {
            return Elementwise.result(
                    in,
                    new ComplexValue(
                            Numbers.select(in.b(), condition, a.re(), c.re()),
                            Numbers.select(in.b(), condition, a.im(), c.im())));
        }
        return Elementwise.result(in, Numbers.select(in.b(), condition, in.compact(1), in.compact(2)));
    }

    private static LoweredTensor clamp(OpContext in) {
        Value lowest = in.compact(0);
        Value x = in.compact(1);
        Value highest = in.compact(2);
        GraphBuilder b = in.b();
        boolean isClip = CLIPPED.contains(x.element()) && lowest.rank() == 0 && highest.rank() == 0;
        Value clamped = isClip
                ? b.apply(StandardOp.CLIP, x, lowest, highest)
                : Numbers.min(b, Numbers.max(b, x, lowest), highest);
        return new LoweredTensor(
                in.resultType(), new RealValue(clamped), in.operand(1).shape());
    }
}
