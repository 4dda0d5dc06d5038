package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/** Fake quantisation: rounds floats to the levels of integers of few bits, as in quantisation-aware training. */
final class QuantizationHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("FakeQuantWithMinMaxArgs", FLOAT_ONLY)
                    .untyped()
                    .reads("min", "max", "num_bits", "narrow_range")
                    .real(node -> rounded(node, number(node, "min", -6), number(node, "max", 6))),
            op("FakeQuantWithMinMaxVars", FLOAT_ONLY)
                    .untyped()
                    .reads("num_bits", "narrow_range")
                    .real(node -> rounded(node, node.input(1), node.input(2))),
            op("FakeQuantWithMinMaxVarsPerChannel", FLOAT_ONLY)
                    .untyped()
                    .reads("num_bits", "narrow_range")
                    .real(node -> rounded(node, node.input(1), node.input(2))));

    private QuantizationHandlers() {}

    private static Value number(NodeContext node, String attribute, double otherwise) {
        return node.builder().constant(TensorData.scalar(OnnxType.FLOAT, node.real(attribute, otherwise)));
    }

    /** The range is shifted such that 0 is one of its levels. */
    private static Value rounded(NodeContext node, Value min, Value max) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value half = b.like(x, 0.5);
        Value lowest = b.like(x, node.flag("narrow_range") ? 1 : 0);
        Value highest = b.like(x, (1L << node.integer("num_bits", 8)) - 1);
        Value scale = b.div(b.sub(max, min), b.sub(highest, lowest));
        Value zeroLevel = b.sub(lowest, b.div(min, scale));
        Value level = b.apply(
                StandardOp.MIN,
                b.apply(StandardOp.MAX, b.apply(StandardOp.FLOOR, b.add(zeroLevel, half)), lowest),
                highest);
        Value from = b.mul(b.sub(lowest, level), scale);
        Value to = b.mul(b.sub(highest, level), scale);
        Value clamped = b.apply(StandardOp.MIN, b.apply(StandardOp.MAX, x, from), to);
        Value steps = b.apply(
                StandardOp.FLOOR, b.add(b.mul(b.sub(clamped, from), b.apply(StandardOp.RECIPROCAL, scale)), half));
        return b.add(b.mul(steps, scale), from);
    }
}
