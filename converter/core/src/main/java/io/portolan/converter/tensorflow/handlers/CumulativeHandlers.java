package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.CountedLoop;
import io.portolan.converter.lowering.CountedLoop.Turn;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.SpecialFunctions;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.Optional;

/** Cumulative ops: combine each element along an axis with all elements before it. */
final class CumulativeHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Cumsum", NUMBERS.and(COMPLEX)).reads("exclusive", "reverse").partwise(CumulativeHandlers::sum),
            op("Cumprod", NUMBERS).reads("exclusive", "reverse").real(node -> scan(node, 1, GraphBuilder::mul)),
            op("CumulativeLogsumexp", FLOATS)
                    .reads("exclusive", "reverse")
                    .real(node -> scan(node, lowest(node.input(0).element()), CumulativeHandlers::logSumExp)));

    /** An associative operation. */
    @FunctionalInterface
    private interface Operation {
        Value apply(GraphBuilder b, Value x, Value y);
    }

    private CumulativeHandlers() {}

    private static Value sum(NodeContext node) {
        GraphBuilder b = node.builder();
        Attributes attributes = Attributes.of("exclusive", node.flag("exclusive") ? 1 : 0)
                .with("reverse", node.flag("reverse") ? 1 : 0);
        return b.apply(
                StandardOp.CUM_SUM,
                attributes,
                node.input(0),
                b.constant(TensorData.scalar(OnnxType.INT64, node.integer(1))));
    }

    /** TensorFlow's neutral element is the smallest finite number, which keeps infinities apart. */
    private static double lowest(OnnxType type) {
        return type == OnnxType.FLOAT ? -Float.MAX_VALUE : -Double.MAX_VALUE;
    }

    /**
     * A prefix scan with an associative operation along an axis (Hillis–Steele): element {@code i} is combined with element {@code i - 1},
     * then {@code i - 2}, then {@code i - 4}, and so on; in a loop if the size is known only at run time.
     */
    private static Value scan(NodeContext node, double neutral, Operation operation) {
        GraphBuilder b = node.builder();
        int axis = node.input(0).shape().axis(node.integer(1));
        Value size = Shapes.size(b, node.input(0), axis);
        Shift shift = new Shift(axis, node.flag("reverse"), neutral);
        Value x = node.input(0);
        if (node.flag("exclusive")) {
            x = shift.by(b, b.apply(StandardOp.MIN, size, b.longs(1)), x);
        }
        if (!size.isConstant()) {
            return looped(b, x, size, shift, operation);
        }
        for (long reach = 1; reach < size.data().orElseThrow().longAt(0); reach *= 2) {
            x = operation.apply(b, shift.by(b, b.longs(reach), x), x);
        }
        return x;
    }

    private static Value looped(GraphBuilder b, Value x, Value size, Shift shift, Operation operation) {
        Value most = b.constant(TensorData.scalar(OnnxType.INT64, Long.MAX_VALUE));
        return CountedLoop.of(b, most, isBelow(b, b.longs(1), size), List.of(x, b.longs(1)), (in, turn, state) -> {
                    Value part = state.get(0);
                    Value reach = state.get(1);
                    Value next = in.add(reach, reach);
                    Value combined = operation.apply(in, shift.by(in, reach, part), part);
                    return new Turn(List.of(combined, next), List.of(), Optional.of(isBelow(in, next, size)));
                })
                .get(0);
    }

    private static Value isBelow(GraphBuilder b, Value reach, Value size) {
        return b.squeeze(b.apply(StandardOp.LESS, reach, size), 0);
    }

    /**
     * A shift of elements along an axis away from its start, or back towards it; the gap is filled with the neutral element.
     *
     * @param axis the axis
     * @param isBack whether elements move towards the start
     * @param neutral the neutral element
     */
    private record Shift(int axis, boolean isBack, double neutral) {
        /** The number of places, at most the size of the axis, is a vector of one integer. */
        Value by(GraphBuilder b, Value places, Value x) {
            AxisRange kept = isBack
                    ? new AxisRange(axis, places, b.longs(SliceRange.TO_END), 1)
                    : new AxisRange(axis, b.longs(0), b.neg(places), 1);
            Value before = b.longs(new long[axis + (isBack ? x.rank() : 0)]);
            Value behind = b.longs(new long[x.rank() - axis - 1 + (isBack ? 0 : x.rank())]);
            Value pads = b.concat(0, before, places, behind);
            return b.pad(AxisRange.slice(b, x, List.of(kept)), pads, b.like(x, neutral));
        }
    }

    /** log(e^x + e^y), as the larger of the two plus the contribution of the smaller. */
    private static Value logSumExp(GraphBuilder b, Value x, Value y) {
        Value larger = b.apply(StandardOp.MAX, x, y);
        Value smaller = b.apply(StandardOp.MIN, x, y);
        return b.add(larger, SpecialFunctions.log1p(b, b.apply(StandardOp.EXP, b.sub(smaller, larger))));
    }
}
