package io.portolan.converter.passes;

import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node that reduces axes known at this time.
 *
 * @param axes counted from the start
 */
record Reduction(StandardOp op, Value input, List<Integer> axes, boolean keepsAxes) {
    private static final Set<StandardOp> OPS = EnumSet.of(
            StandardOp.REDUCE_MAX,
            StandardOp.REDUCE_MEAN,
            StandardOp.REDUCE_MIN,
            StandardOp.REDUCE_PROD,
            StandardOp.REDUCE_SUM);

    static Optional<Reduction> of(Node node) {
        if (!(node.op() instanceof StandardOp op) || !OPS.contains(op) || node.inputs().size() < 2) {
            return Optional.empty();
        }
        Value input = node.input(0);
        return node.input(1).data().map(axes -> new Reduction(
                op,
                input,
                input.shape().axes(axes.longList()),
                node.attributes().integer("keepdims", 1) == 1));
    }
}
