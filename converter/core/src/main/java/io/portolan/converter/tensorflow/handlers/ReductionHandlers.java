package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATING;
import static io.portolan.converter.tensorflow.ElementTypes.NARROW_INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMERIC;
import static io.portolan.converter.tensorflow.ElementTypes.TRUTH;
import static io.portolan.converter.tensorflow.ElementTypes.WRAPPING_INTEGERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.stream.LongStream;

/** Reductions along axes. */
final class ReductionHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Sum", NUMERIC.and(COMPLEX))
                    .widening(WRAPPING_INTEGERS)
                    .reads("keep_dims")
                    .partwise(node -> reduce(node, StandardOp.REDUCE_SUM)),
            op("Mean", NUMERIC.and(COMPLEX)).reads("keep_dims").partwise(ReductionHandlers::mean),
            op("Prod", NUMERIC.and(COMPLEX))
                    .reads("keep_dims")
                    .limitedTo("known sizes along the axes, if complex")
                    .single(ReductionHandlers::product),
            op("Max", NUMERIC)
                    .widening(NARROW_INTEGERS)
                    .reads("keep_dims")
                    .real(node -> reduce(node, StandardOp.REDUCE_MAX)),
            op("Min", NUMERIC)
                    .widening(NARROW_INTEGERS)
                    .reads("keep_dims")
                    .real(node -> reduce(node, StandardOp.REDUCE_MIN)),
            op("All", TRUTH).untyped().reads("keep_dims").real(node -> reduceTruth(node, StandardOp.REDUCE_MIN)),
            op("Any", TRUTH).untyped().reads("keep_dims").real(node -> reduceTruth(node, StandardOp.REDUCE_MAX)),
            op("EuclideanNorm", FLOATING).reads("keep_dims").real(ReductionHandlers::norm),
            op("L2Loss", FLOATING).real(ReductionHandlers::halfSquare));

    private ReductionHandlers() {}

    private static Value reduce(NodeContext node, StandardOp op) {
        return reduce(node, op, node.input(0));
    }

    private static Value reduce(NodeContext node, StandardOp op, Value x) {
        return node.builder().reduce(op, x, node.flag("keep_dims"), axes(node, x));
    }

    /** Reductions of booleans exist from opset 20 on; as integers they are minima and maxima. */
    private static Value reduceTruth(NodeContext node, StandardOp op) {
        GraphBuilder b = node.builder();
        return b.cast(reduce(node, op, b.cast(node.input(0), OnnxType.INT32)), OnnxType.BOOL);
    }

    private static long[] axes(NodeContext node, Value x) {
        return x.shape().axes(node.integers(1)).stream()
                .mapToLong(Integer::longValue)
                .distinct()
                .sorted()
                .toArray();
    }

    /** The mean of integers is truncated, as their quotient is. */
    private static Value mean(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        if (x.element().isFloating()) {
            return reduce(node, StandardOp.REDUCE_MEAN);
        }
        long[] axes = axes(node, x);
        Value sizes = b.apply(StandardOp.GATHER, b.shapeOf(x), b.longs(axes));
        Value count = b.cast(b.reduce(StandardOp.REDUCE_PROD, sizes, false, 0), x.element());
        return b.div(reduce(node, StandardOp.REDUCE_SUM), count);
    }

    private static TranslatedTensor product(NodeContext node) {
        if (!node.hasComplexInput()) {
            return new RealValue(reduce(node, StandardOp.REDUCE_PROD));
        }
        GraphBuilder b = node.builder();
        ComplexValue x = node.complex(0);
        long[] axes = axes(node, x.re());
        for (long axis : axes) {
            x = product(b, x, (int) axis);
        }
        return node.flag("keep_dims") ? x : new ComplexValue(b.squeeze(x.re(), axes), b.squeeze(x.im(), axes));
    }

    /** The product along an axis of known size: one half times the other, until one element is left. */
    private static ComplexValue product(GraphBuilder b, ComplexValue x, int axis) {
        long size = Shapes.known(x.re(), axis);
        ComplexValue rest = x;
        while (size > 1) {
            long half = size / 2;
            ComplexValue product =
                    ComplexArithmetic.multiply(b, part(b, rest, axis, 0, half), part(b, rest, axis, half, 2 * half));
            ComplexValue odd = part(b, rest, axis, 2 * half, size);
            rest = size % 2 == 0
                    ? product
                    : new ComplexValue(b.concat(axis, product.re(), odd.re()), b.concat(axis, product.im(), odd.im()));
            size -= half;
        }
        return rest;
    }

    private static ComplexValue part(GraphBuilder b, ComplexValue x, long axis, long from, long to) {
        List<SliceRange> range = List.of(new SliceRange(from, to, 1));
        return new ComplexValue(b.slice(x.re(), List.of(axis), range), b.slice(x.im(), List.of(axis), range));
    }

    private static Value norm(NodeContext node) {
        GraphBuilder b = node.builder();
        return b.apply(StandardOp.SQRT, reduce(node, StandardOp.REDUCE_SUM, b.mul(node.input(0), node.input(0))));
    }

    private static Value halfSquare(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value sum = b.reduce(
                StandardOp.REDUCE_SUM,
                b.mul(x, x),
                false,
                LongStream.range(0, x.rank()).toArray());
        return b.mul(sum, b.like(x, 0.5));
    }
}
