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
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.SpecialFunctions;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;

/** Cumulative ops: combine each element along an axis with all elements before it. */
final class CumulativeHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Cumsum", NUMBERS.and(COMPLEX)).reads("exclusive", "reverse").partwise(CumulativeHandlers::sum),
            op("Cumprod", NUMBERS)
                    .limitedTo("a known size along the axis")
                    .reads("exclusive", "reverse")
                    .real(node -> scan(node, 1, node.builder()::mul)),
            op("CumulativeLogsumexp", FLOATS)
                    .limitedTo("a known size along the axis")
                    .reads("exclusive", "reverse")
                    .real(node ->
                            scan(node, lowest(node.input(0).element()), (x, y) -> logSumExp(node.builder(), x, y))));

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
     * A prefix scan with an associative operation along an axis of known size (Hillis–Steele): element {@code i} is combined with
     * element {@code i - 1}, then {@code i - 2}, then {@code i - 4}, and so on.
     */
    private static Value scan(NodeContext node, double neutral, BinaryOperator<Value> operation) {
        GraphBuilder b = node.builder();
        int axis = node.input(0).shape().axis(node.integer(1));
        long size = Shapes.known(node.input(0), axis);
        boolean isReversed = node.flag("reverse");
        Value x = node.input(0);
        if (node.flag("exclusive")) {
            x = shifted(b, x, axis, size, 1, isReversed, neutral);
        }
        for (long reach = 1; reach < size; reach *= 2) {
            x = operation.apply(shifted(b, x, axis, size, reach, isReversed, neutral), x);
        }
        return x;
    }

    /** Shifts elements along an axis away from its start, or towards it; the gap is filled with the neutral element. */
    private static Value shifted(GraphBuilder b, Value x, int axis, long size, long by, boolean back, double neutral) {
        SliceRange kept = back ? new SliceRange(by, SliceRange.TO_END, 1) : new SliceRange(0, size - by, 1);
        List<Long> pads = new ArrayList<>(Collections.nCopies(2 * x.rank(), 0L));
        pads.set(back ? axis + x.rank() : axis, by);
        return b.pad(b.slice(x, List.of((long) axis), List.of(kept)), pads, b.like(x, neutral));
    }

    /** log(e^x + e^y), as the larger of the two plus the contribution of the smaller. */
    private static Value logSumExp(GraphBuilder b, Value x, Value y) {
        Value larger = b.apply(StandardOp.MAX, x, y);
        Value smaller = b.apply(StandardOp.MIN, x, y);
        return b.add(larger, SpecialFunctions.log1p(b, b.apply(StandardOp.EXP, b.sub(smaller, larger))));
    }
}
