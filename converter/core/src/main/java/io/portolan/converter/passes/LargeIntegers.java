package io.portolan.converter.passes;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the larger and the smaller of integers of 64 bits by comparisons. ONNX Runtime up to 1.30 compares them wrongly in {@code Max},
 * {@code Min}, {@code Clip}, {@code ReduceMax} and {@code ReduceMin}: where their upper halves are equal, it takes the lower ones for signed,
 * so that 1 is above 4294967295. Sizes are small, and stay as they are, as are integers that had 32 bits before.
 */
public final class LargeIntegers implements Pass {
    /** What is asked of two integers to take the first. */
    private static final Map<StandardOp, StandardOp> TAKES_FIRST = new EnumMap<>(Map.of(
            StandardOp.MAX, StandardOp.GREATER,
            StandardOp.MIN, StandardOp.LESS));

    private static final Map<StandardOp, Integer> LARGEST = new EnumMap<>(Map.of(
            StandardOp.REDUCE_MAX, 1,
            StandardOp.REDUCE_MIN, 0));

    @Override
    public String name() {
        return "large-integers";
    }

    @Override
    public boolean isRequired() {
        return true;
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, (node, b) -> mayBeLarge(node, b) ? rewritten(node, b) : Optional.empty());
    }

    private static boolean mayBeLarge(Node node, GraphBuilder b) {
        return node.outputs().size() == 1
                && node.output().element() == OnnxType.INT64
                && node.output().contents().isEmpty()
                && !node.inputs().stream().allMatch(input -> isSmall(input, b));
    }

    /** Whether a value is known to have integers of 32 bits only. */
    private static boolean isSmall(Value value, GraphBuilder b) {
        boolean isCast = Patterns.operand(StandardOp.CAST, value, b)
                .filter(before -> before.element().bytes() < OnnxType.INT64.bytes()
                        && !before.element().isFloating()
                        && before.element() != OnnxType.UINT32)
                .isPresent();
        return isCast
                || value.data()
                        .filter(data -> data.longList().stream().allMatch(number -> number == number.intValue()))
                        .isPresent();
    }

    private static Optional<List<Value>> rewritten(Node node, GraphBuilder b) {
        if (!(node.op() instanceof StandardOp op)) {
            return Optional.empty();
        }
        if (TAKES_FIRST.containsKey(op)) {
            return Optional.of(List.of(node.inputs().stream()
                    .reduce((one, other) -> taken(op, one, other, b))
                    .orElseThrow()));
        }
        if (op == StandardOp.CLIP) {
            Value above = taken(StandardOp.MAX, node.input(0), node.input(1), b);
            return Optional.of(List.of(taken(StandardOp.MIN, above, node.input(2), b)));
        }
        return LARGEST.containsKey(op) ? Reduction.of(node).map(one -> List.of(reduced(one, op, b))) : Optional.empty();
    }

    private static Value taken(StandardOp op, Value one, Value other, GraphBuilder b) {
        return b.where(b.apply(TAKES_FIRST.get(op), one, other), one, other);
    }

    /** Axis by axis, the first in the order of the elements. */
    private static Value reduced(Reduction reduction, StandardOp op, GraphBuilder b) {
        Value rest = reduction.input();
        for (int axis : reduction.axes()) {
            Attributes order = Attributes.of("axis", axis).with("largest", LARGEST.get(op));
            rest = b.node(StandardOp.TOP_K, order, rest, b.longs(1)).get(0);
        }
        return reduction.keepsAxes()
                ? rest
                : b.squeeze(
                        rest,
                        reduction.axes().stream()
                                .mapToLong(Integer::longValue)
                                .sorted()
                                .toArray());
    }
}
