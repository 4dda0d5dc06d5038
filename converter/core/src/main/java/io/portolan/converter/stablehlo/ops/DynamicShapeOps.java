package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.stablehlo.ElementTypes;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Operations on sizes that are known only when the program runs; their results have the shape that an operand holds. */
final class DynamicShapeOps {
    static final List<OpLowering> OPS = List.of(
            exact("stablehlo.get_dimension_size", "Shape, Slice").single(DynamicShapeOps::dimensionSize),
            exact("stablehlo.dynamic_broadcast_in_dim", "Unsqueeze, Expand")
                    .single(in -> ShapeOps.broadcast(in, Optional.of(in.sizes(1)))),
            exact("stablehlo.dynamic_reshape", "Reshape").single(DynamicShapeOps::reshape),
            exact("stablehlo.dynamic_iota", "Range").single(DynamicShapeOps::iota),
            exact("stablehlo.real_dynamic_slice", "Slice")
                    .partwise((in, x) ->
                            in.b().apply(StandardOp.SLICE, x, in.sizes(1), in.sizes(2), axes(in.b(), x), in.sizes(3))),
            exact("stablehlo.dynamic_pad", "Pad")
                    .except("interior padding, complex numbers")
                    .real(DynamicShapeOps::pad));

    private DynamicShapeOps() {}

    private static Value axes(GraphBuilder b, Value x) {
        return b.longs(LongStream.range(0, x.rank()).toArray());
    }

    private static LoweredTensor dimensionSize(OpContext in) {
        int axis = (int) in.op().integer("dimension");
        GraphBuilder b = in.b();
        Value sizes = in.operand(0).shape(b);
        Value size = b.slice(sizes, List.of(0L), List.of(new SliceRange(axis, axis + 1L, 1)));
        return in.result(
                b.cast(b.squeeze(size, 0), ElementTypes.computed(in.resultType().element())));
    }

    private static LoweredTensor reshape(OpContext in) {
        LoweredTensor x = in.operand(0);
        Value shape = in.sizes(1);
        boolean isScalar = x.compact().parts().stream().allMatch(part -> part.rank() == 0);
        if (isScalar) {
            return new LoweredTensor(in.resultType(), x.compact(), Optional.of(shape));
        }
        return in.result(x.compact()
                .of(x.full(in.b()).parts().stream()
                        .map(part -> in.b().reshape(part, shape))
                        .toList()));
    }

    private static LoweredTensor iota(OpContext in) {
        GraphBuilder b = in.b();
        Value shape = in.sizes(0);
        long axis = in.op().integer("iota_dimension");
        Value size = b.squeeze(b.slice(shape, List.of(0L), List.of(new SliceRange(axis, axis + 1, 1))), 0);
        Value indices = b.apply(
                StandardOp.RANGE,
                b.constant(TensorData.scalar(OnnxType.INT64, 0)),
                size,
                b.constant(TensorData.scalar(OnnxType.INT64, 1)));
        LoweredTensor along = ShapeOps.along(
                in, b.cast(indices, ElementTypes.computed(in.resultType().element())));
        return new LoweredTensor(along.type(), along.compact(), Optional.of(shape));
    }

    private static Value pad(OpContext in) {
        boolean isDense = in.constant(4)
                .filter(data -> LongStream.of(data.longs()).allMatch(size -> size == 0))
                .isPresent();
        if (!isDense) {
            throw new IllegalArgumentException("padding between elements of an open size is not supported");
        }
        return in.b().apply(StandardOp.PAD, in.real(0), in.b().concat(0, in.sizes(2), in.sizes(3)), in.real(1));
    }

    /** The size of an axis as a scalar. */
    static Value size(GraphBuilder b, Value x, int axis) {
        return b.squeeze(Shapes.size(b, x, axis), 0);
    }
}
