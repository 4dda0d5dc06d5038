package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.lowering.Shapes.array;
import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.stablehlo.Constants;
import io.portolan.converter.stablehlo.ElementTypes;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Operations that create tensors, or only move their elements, with sizes that the program fixes. */
final class ShapeOps {
    /** Index vectors of up to this size are constants. */
    private static final long LARGEST_CONSTANT = 4096;

    static final List<OpLowering> OPS = List.of(
            exact("stablehlo.constant", "a constant")
                    .single(in -> LoweredTensor.repeated(
                            in.resultType(), Constants.of(in.op().elements("value"), in.b()))),
            exact("stablehlo.iota", "a constant, Range")
                    .single(in -> iota(in, in.resultType().dim((int) in.op().integer("iota_dimension")))),
            exact("stablehlo.broadcast_in_dim", "Unsqueeze; Expand where the user does not broadcast")
                    .single(in -> broadcast(in, Optional.empty())),
            exact("stablehlo.broadcast", "Expand").single(ShapeOps::broadcastOuter),
            exact("stablehlo.reshape", "Reshape").single(ShapeOps::reshape),
            exact("stablehlo.transpose", "Transpose").single(ShapeOps::transpose),
            exact("stablehlo.reverse", "Slice").partwise(ShapeOps::reverse),
            exact("stablehlo.slice", "Slice").partwise(ShapeOps::slice),
            exact("stablehlo.concatenate", "Concat").single(ShapeOps::concatenate),
            exact("stablehlo.optimization_barrier", "nothing").as(OpContext::operands),
            exact("sdy.sharding_constraint", "nothing").as(OpContext::operands));

    private ShapeOps() {}

    /** Indices along one axis, which all others repeat. */
    static LoweredTensor iota(OpContext in, long size) {
        GraphBuilder b = in.b();
        OnnxType type = ElementTypes.computed(in.resultType().element());
        Value indices = size <= LARGEST_CONSTANT
                ? b.constant(indices(type, size))
                : b.cast(
                        b.apply(
                                StandardOp.RANGE,
                                b.constant(TensorData.scalar(OnnxType.INT64, 0)),
                                b.constant(TensorData.scalar(OnnxType.INT64, size)),
                                b.constant(TensorData.scalar(OnnxType.INT64, 1))),
                        type);
        return along(in, indices);
    }

    private static TensorData indices(OnnxType type, long size) {
        double[] numbers = LongStream.range(0, size).asDoubleStream().toArray();
        return TensorData.ofDoubles(type, numbers, size);
    }

    /** A result that holds a vector along the dimension of an iota. */
    static LoweredTensor along(OpContext in, Value vector) {
        int behind = in.resultType().rank() - 1 - (int) in.op().integer("iota_dimension");
        Value compact =
                in.b().unsqueeze(vector, LongStream.rangeClosed(1, behind).toArray());
        return LoweredTensor.repeated(
                in.resultType(),
                in.resultType().element().isComplex()
                        ? new ComplexValue(compact, in.b().like(compact, 0))
                        : new RealValue(compact));
    }

    /** Axis i of the operand becomes axis {@code broadcast_dimensions[i]}; the others repeat. */
    static LoweredTensor broadcast(OpContext in, Optional<Value> shape) {
        List<Long> dims = in.op().integers("broadcast_dimensions");
        boolean isIncreasing = dims.stream().sorted().toList().equals(dims);
        List<Value> parts = (isIncreasing
                        ? in.operand(0).compact()
                        : in.operand(0).full(in.b()))
                .parts().stream()
                        .map(part -> isIncreasing
                                ? placed(in, part, dims.subList(dims.size() - part.rank(), dims.size()))
                                : placed(
                                        in,
                                        sorted(in.b(), part, dims),
                                        dims.stream().sorted().toList()))
                        .toList();
        return new LoweredTensor(in.resultType(), in.operand(0).compact().of(parts), shape);
    }

    private static Value sorted(GraphBuilder b, Value part, List<Long> dims) {
        long[] order = LongStream.range(0, dims.size())
                .boxed()
                .sorted((one, other) -> Long.compare(dims.get(one.intValue()), dims.get(other.intValue())))
                .mapToLong(Long::longValue)
                .toArray();
        return b.transpose(part, order);
    }

    private static Value placed(OpContext in, Value part, List<Long> dims) {
        if (dims.isEmpty()) {
            return part;
        }
        long first = dims.get(0);
        long[] inserted = LongStream.range(first, in.resultType().rank())
                .filter(axis -> !dims.contains(axis))
                .map(axis -> axis - first)
                .toArray();
        return in.b().unsqueeze(part, inserted);
    }

    private static LoweredTensor broadcastOuter(OpContext in) {
        return LoweredTensor.repeated(in.resultType(), in.operand(0).full(in.b()));
    }

    private static LoweredTensor reshape(OpContext in) {
        LoweredTensor x = in.operand(0);
        boolean isScalar = x.compact().parts().stream().allMatch(part -> part.rank() == 0);
        if (isScalar) {
            return LoweredTensor.repeated(in.resultType(), x.compact());
        }
        return in.result(x.compact()
                .of(x.full(in.b()).parts().stream()
                        .map(part -> in.b().reshape(part, array(in.resultType().dims())))
                        .toList()));
    }

    private static LoweredTensor transpose(OpContext in) {
        LoweredTensor x = in.operand(0);
        List<Long> permutation = in.op().integers("permutation");
        boolean isScalar = x.compact().parts().stream().allMatch(part -> part.rank() == 0);
        if (isScalar && x.type().isStatic()) {
            return LoweredTensor.repeated(in.resultType(), x.compact());
        }
        return in.result(x.compact()
                .of(x.full(in.b()).parts().stream()
                        .map(part -> isIdentity(permutation) ? part : in.b().transpose(part, array(permutation)))
                        .toList()));
    }

    private static boolean isIdentity(List<Long> permutation) {
        return permutation.equals(
                LongStream.range(0, permutation.size()).boxed().toList());
    }

    private static Value reverse(OpContext in, Value x) {
        return reversed(in.b(), x, in.op().integers("dimensions"));
    }

    /** The elements along some axes from last to first. */
    static Value reversed(GraphBuilder b, Value x, List<Long> axes) {
        List<SliceRange> ranges = axes.stream()
                .map(axis -> new SliceRange(-1, SliceRange.TO_START, -1))
                .toList();
        return b.slice(x, axes, ranges);
    }

    private static Value slice(OpContext in, Value x) {
        List<Long> axes = new ArrayList<>();
        List<SliceRange> ranges = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            long start = in.op().integers("start_indices").get(axis);
            long limit = in.op().integers("limit_indices").get(axis);
            long stride = in.op().integers("strides").get(axis);
            if (start != 0 || stride != 1 || !x.shape().dim(axis).is(limit)) {
                axes.add((long) axis);
                ranges.add(new SliceRange(start, limit, stride));
            }
        }
        return in.b().slice(x, axes, ranges);
    }

    private static LoweredTensor concatenate(OpContext in) {
        int axis = (int) in.op().integer("dimension");
        List<List<Value>> operands = in.operands().stream()
                .map(operand -> operand.full(in.b()).parts())
                .toList();
        List<Value> parts = new ArrayList<>();
        for (int part = 0; part < operands.get(0).size(); part++) {
            int index = part;
            parts.add(in.b()
                    .concat(
                            axis,
                            operands.stream().map(operand -> operand.get(index)).toArray(Value[]::new)));
        }
        return in.result(in.operand(0).compact().of(parts));
    }
}
