package io.portolan.converter.passes;

import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * A node that reduces axes which are known at conversion time.
 *
 * @param axes not negative
 */
public record Reduction(StandardOp op, Value input, List<Integer> axes, boolean keepsAxes) {
    public static Optional<Reduction> of(Node node) {
        if (!(node.op() instanceof StandardOp op) || !op.reducesAxes()) {
            return Optional.empty();
        }
        Value input = node.input(0);
        return node.input(1)
                .data()
                .map(axes -> new Reduction(
                        op,
                        input,
                        input.shape().axes(axes.longList()),
                        node.attributes().integer("keepdims", 1) == 1));
    }
}
