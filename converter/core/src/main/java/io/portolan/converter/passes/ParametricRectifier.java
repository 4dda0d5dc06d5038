package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Writes {@code max(x, 0) - a·max(-x, 0)}, and the same with a sum and the slope -a, as one operator, if a is a constant that broadcasts to
 * x.
 */
public final class ParametricRectifier implements Pass {
    @Override
    public String name() {
        return "parametric-rectifier";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, (node, b) -> rectified(node, b).map(List::of));
    }

    private static Optional<Value> rectified(Node node, GraphBuilder b) {
        if (node.op() == StandardOp.SUB) {
            return rectified(node.input(0), node.input(1), 1, b);
        }
        return node.op() == StandardOp.ADD
                ? Patterns.eitherOrder(node, (positive, negative) -> rectified(positive, negative, -1, b))
                : Optional.empty();
    }

    private static Optional<Value> rectified(Value positive, Value negative, int sign, GraphBuilder b) {
        return Patterns.operand(StandardOp.RELU, positive, b)
                .flatMap(x -> Patterns.node(StandardOp.MUL, negative, b)
                        .flatMap(product -> Patterns.eitherOrder(
                                product,
                                (slope, rectified) -> Patterns.operand(StandardOp.RELU, rectified, b)
                                        .flatMap(negated -> Patterns.operand(StandardOp.NEG, negated, b))
                                        .filter(same -> same == x && broadcasts(slope, x))
                                        .map(same -> b.apply(StandardOp.P_RELU, x, times(slope, sign, b))))));
    }

    private static boolean broadcasts(Value slope, Value x) {
        return slope.isConstant()
                && slope.rank() <= x.rank()
                && IntStream.range(0, slope.rank())
                        .allMatch(axis -> slope.shape().dim(axis).is(1)
                                || slope.shape().dim(axis).sameAs(x.shape().dim(axis + x.rank() - slope.rank())));
    }

    private static Value times(Value slope, int sign, GraphBuilder b) {
        TensorData data = slope.data().orElseThrow();
        double[] elements =
                Arrays.stream(data.doubles()).map(element -> sign * element).toArray();
        return sign == 1 ? slope : b.constant(TensorData.ofDoubles(data.type(), elements, data.shape()), slope.name());
    }
}
