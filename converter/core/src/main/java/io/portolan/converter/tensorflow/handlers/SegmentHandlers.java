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
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.ElementTypes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Reductions of segments of rows; a vector holds the segment of each row. */
final class SegmentHandlers {
    /** The operation that combines rows. */
    private enum Reduction {
        SUM("add"),
        PRODUCT("mul"),
        MAX("max"),
        MIN("min");

        private final String name;

        Reduction(String name) {
            this.name = name;
        }

        /** The neutral element of the operation. */
        double neutral(OnnxType type) {
            return switch (this) {
                case SUM -> 0;
                case PRODUCT -> 1;
                case MAX -> LOWEST.get(type);
                case MIN -> HIGHEST.get(type);
            };
        }
    }

    private static final Map<OnnxType, Double> LOWEST = Map.of(
            OnnxType.FLOAT,
            (double) -Float.MAX_VALUE,
            OnnxType.DOUBLE,
            -Double.MAX_VALUE,
            OnnxType.INT32,
            (double) Integer.MIN_VALUE,
            OnnxType.INT64,
            (double) Long.MIN_VALUE);
    private static final Map<OnnxType, Double> HIGHEST = Map.of(
            OnnxType.FLOAT,
            (double) Float.MAX_VALUE,
            OnnxType.DOUBLE,
            Double.MAX_VALUE,
            OnnxType.INT32,
            (double) Integer.MAX_VALUE,
            OnnxType.INT64,
            (double) Long.MAX_VALUE);

    static final List<OpDefinition> OPS = List.of(
            op("SegmentSum", NUMBERS.and(COMPLEX)).since(16).partwise(node -> sorted(node, Reduction.SUM, 0)),
            op("SegmentProd", NUMBERS).since(16).real(node -> sorted(node, Reduction.PRODUCT, 1)),
            op("SegmentMean", FLOATS).since(16).real(SegmentHandlers::mean),
            op("SegmentMax", NUMBERS).since(18).real(node -> sorted(node, Reduction.MAX, 0)),
            op("SegmentMin", NUMBERS).since(18).real(node -> sorted(node, Reduction.MIN, 0)),
            op("UnsortedSegmentSum", NUMBERS.and(COMPLEX)).since(16).partwise(node -> unsorted(node, Reduction.SUM)),
            op("UnsortedSegmentProd", NUMBERS).since(16).real(node -> unsorted(node, Reduction.PRODUCT)),
            op("UnsortedSegmentMax", NUMBERS).since(18).real(node -> unsorted(node, Reduction.MAX)),
            op("UnsortedSegmentMin", NUMBERS).since(18).real(node -> unsorted(node, Reduction.MIN)),
            sparse("SparseSegmentSum", NUMBERS, (b, sum, rows) -> sum),
            sparse("SparseSegmentMean", FLOATS, GraphBuilder::div),
            sparse("SparseSegmentSqrtN", FLOATS, SegmentHandlers::overRoot),
            sparse("SparseSegmentSumWithNumSegments", NUMBERS, (b, sum, rows) -> sum),
            sparse("SparseSegmentMeanWithNumSegments", FLOATS, GraphBuilder::div),
            sparse("SparseSegmentSqrtNWithNumSegments", FLOATS, SegmentHandlers::overRoot));

    /** What becomes of the sum of a segment. */
    private interface Scaling {
        /**
         * The result.
         *
         * @param rows the number of rows of each segment, at least 1
         */
        Value of(GraphBuilder b, Value sum, Value rows);
    }

    private SegmentHandlers() {}

    /** The last row determines the number of segments; empty segments hold the number that TensorFlow defines. */
    private static Value sorted(NodeContext node, Reduction reduction, double empty) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value segments = b.cast(node.input(1), OnnxType.INT64);
        Value reduced = reduce(b, reduction, x, segments, count(b, segments));
        if (reduction.neutral(x.element()) == empty) {
            return reduced;
        }
        Value rows = counts(b, segments, count(b, segments));
        Value isEmpty = b.apply(StandardOp.EQUAL, rows, b.like(rows, 0));
        return b.where(spread(b, isEmpty, x), b.like(x, empty), reduced);
    }

    private static Value mean(NodeContext node) {
        GraphBuilder b = node.builder();
        Value segments = b.cast(node.input(1), OnnxType.INT64);
        return scaled(b, node.input(0), segments, count(b, segments), GraphBuilder::div);
    }

    /** A segment holds rows that are chosen by index; with a fourth input, that is the number of segments. */
    private static OpDefinition sparse(String name, ElementTypes types, Scaling scaling) {
        return op(name, types).since(16).real(node -> {
            GraphBuilder b = node.builder();
            Value rows = b.apply(StandardOp.GATHER, node.input(0), node.input(1));
            Value segments = b.cast(node.input(2), OnnxType.INT64);
            Value count =
                    node.inputCount() > 3 ? b.reshape(b.cast(node.input(3), OnnxType.INT64), 1) : count(b, segments);
            return scaled(b, rows, segments, count, scaling);
        });
    }

    private static Value scaled(GraphBuilder b, Value x, Value segments, Value count, Scaling scaling) {
        Value sum = reduce(b, Reduction.SUM, x, segments, count);
        Value rows = counts(b, segments, count);
        Value atLeastOne = b.cast(b.apply(StandardOp.MAX, rows, b.like(rows, 1)), x.element());
        return scaling.of(b, sum, spread(b, atLeastOne, x));
    }

    private static Value overRoot(GraphBuilder b, Value sum, Value rows) {
        return b.div(sum, b.apply(StandardOp.SQRT, rows));
    }

    /** The segment of each row, with axes appended to match the rank of x. */
    private static Value spread(GraphBuilder b, Value perRow, Value x) {
        return b.unsqueeze(perRow, LongStream.range(1, x.rank()).toArray());
    }

    /** The number of segments as a vector; 0 if there are no rows. */
    private static Value count(GraphBuilder b, Value segments) {
        Value atLeastOne = segments.shape().dim(0).isKnown() ? segments : b.concat(0, b.longs(-1), segments);
        return b.add(b.apply(StandardOp.GATHER, atLeastOne, b.longs(-1)), b.longs(1));
    }

    /**
     * How often each number below a limit occurs.
     *
     * @param segments a vector of INT64
     * @param count the limit, a vector of one
     */
    static Value counts(GraphBuilder b, Value segments, Value count) {
        return reduce(b, Reduction.SUM, FillHandlers.filledLike(b, segments, 1), segments, count);
    }

    /** Rows of negative segments are dropped: they go to an additional last segment, which is removed. */
    private static Value unsorted(NodeContext node, Reduction reduction) {
        GraphBuilder b = node.builder();
        Value segments = b.cast(node.input(1), OnnxType.INT64);
        Value count = b.reshape(b.cast(node.input(2), OnnxType.INT64), 1);
        Value isDropped = b.apply(StandardOp.LESS, segments, b.like(segments, 0));
        Value kept = b.where(isDropped, count, segments);
        Value all = reduce(b, reduction, node.input(0), kept, b.add(count, b.longs(1)));
        return b.slice(all, List.of(0L), List.of(new SliceRange(0, -1, 1)));
    }

    private static Value reduce(GraphBuilder b, Reduction reduction, Value x, Value segments, Value count) {
        Value shape =
                x.rank() == segments.rank() ? count : b.concat(0, count, Shapes.sizes(b, x, segments.rank(), x.rank()));
        Value start = b.expand(b.like(x, reduction.neutral(x.element())), shape);
        return b.apply(
                StandardOp.SCATTER_ND,
                Attributes.of("reduction", reduction.name),
                start,
                b.unsqueeze(segments, segments.rank()),
                x);
    }
}
