package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ALL;
import static io.portolan.converter.tensorflow.ElementTypes.ANY;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATING;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.MOVED;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.RandomOp;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.stream.LongStream;

/** Ops that create tensors: constants, sequences and one-hot vectors. */
final class FillHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("Const", ALL).typedBy("dtype").reads("value").single(node -> node.tensor("value")),
            op("Fill", ALL).partwise(node -> node.builder().expand(node.input(1), node.input(0))),
            op("ZerosLike", MOVED).partwise(node -> filledLike(node.builder(), node.input(0), 0)),
            op("OnesLike", MOVED).single(FillHandlers::onesLike),
            op("Range", NUMBERS).typedBy("Tidx").real(FillHandlers::range),
            op("LinSpace", FLOATS).real(FillHandlers::linSpace),
            op("RandomUniform", FLOATING)
                    .typedBy("dtype")
                    .reads("dtype")
                    .limitedTo("where all numbers give the same, as in a dropout that keeps everything")
                    .real(FillHandlers::random),
            op("OneHot", ANY).reads("axis").partwise(FillHandlers::oneHot));

    /** The longest sequence that is stored, not computed when the graph runs. */
    private static final long LARGEST_CONSTANT = 1 << 16;

    private FillHandlers() {}

    /** A tensor filled with one number in the shape of another. */
    static Value filledLike(GraphBuilder b, Value x, double number) {
        return Shapes.filledLike(b, x, number);
    }

    private static TranslatedTensor onesLike(NodeContext node) {
        GraphBuilder b = node.builder();
        if (node.hasComplexInput()) {
            Value re = node.complex(0).re();
            return new ComplexValue(filledLike(b, re, 1), filledLike(b, re, 0));
        }
        return new TranslatedTensor.RealValue(filledLike(b, node.input(0), 1));
    }

    private static Value random(NodeContext node) {
        GraphBuilder b = node.builder();
        Value zero = b.constant(TensorData.scalar(node.type("dtype"), 0));
        return b.apply(RandomOp.UNIFORM, zero, b.cast(node.input(0), OnnxType.INT64));
    }

    private static Value range(NodeContext node) {
        return node.builder().apply(StandardOp.RANGE, node.input(0), node.input(1), node.input(2));
    }

    /** The last element is the end itself, not the sum that rounds to nearly that; a single one is the start. */
    private static Value linSpace(NodeContext node) {
        GraphBuilder b = node.builder();
        Value start = node.input(0);
        Value count = b.reshape(b.cast(node.input(2), OnnxType.INT64), 1);
        if (count.isConstant() && count.data().orElseThrow().longAt(0) == 1) {
            return b.unsqueeze(start, 0);
        }
        Value others = b.sub(count, b.longs(1));
        Value steps = b.squeeze(b.apply(StandardOp.MAX, others, b.longs(1)), 0);
        Value step = b.div(b.sub(node.input(1), start), b.cast(steps, start.element()));
        Value numbers = b.add(start, b.mul(step, counted(b, others, start.element())));
        Value all = b.concat(0, numbers, b.unsqueeze(node.input(1), 0));
        Value isSingle = b.apply(StandardOp.EQUAL, count, b.longs(1));
        return isSingle.isConstant() ? all : b.where(isSingle, start, all);
    }

    /** 0, 1, ... up to a limit that is a vector of one, as numbers of a type. */
    private static Value counted(GraphBuilder b, Value limit, OnnxType type) {
        long count = limit.data().map(number -> number.longAt(0)).orElse(Long.MAX_VALUE);
        return count > LARGEST_CONSTANT
                ? b.cast(positions(b, limit), type)
                : b.constant(TensorData.ofDoubles(
                        type, LongStream.range(0, count).asDoubleStream().toArray(), Math.max(0, count)));
    }

    /** Compares each index with all indices of the new axis. */
    private static Value oneHot(NodeContext node) {
        GraphBuilder b = node.builder();
        Value indices = b.cast(node.input(0), OnnxType.INT64);
        int rank = indices.rank() + 1;
        int axis = TensorShape.unknown(rank).axis(node.integer("axis", -1));
        Value positions = positions(b, b.cast(node.input(1), OnnxType.INT64));
        Value column = b.unsqueeze(positions, LongStream.range(1, rank - axis).toArray());
        Value hits = b.apply(StandardOp.EQUAL, b.unsqueeze(indices, axis), column);
        return LogicHandlers.choose(b, hits, node.input(2), node.input(3));
    }

    /** 0, 1, ... up to a limit that is a scalar or a vector of one. */
    static Value positions(GraphBuilder b, Value limit) {
        Value scalar = limit.rank() == 0 ? limit : b.squeeze(limit, 0);
        return b.apply(StandardOp.RANGE, b.like(scalar, 0), scalar, b.like(scalar, 1));
    }

    /** One element of a vector, as a vector. */
    static Value element(GraphBuilder b, Value vector, long index) {
        return b.slice(vector, List.of(0L), List.of(new SliceRange(index, index + 1, 1)));
    }
}
