package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.exact;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads and writes of a window at computed indices, which are moved so that the window fits. */
final class DynamicIndexOps {
    static final List<OpLowering> OPS = List.of(
            exact("stablehlo.dynamic_slice", "Clip, Add, Gather").partwise(DynamicIndexOps::slice),
            exact("stablehlo.dynamic_update_slice", "Clip, Add, ScatterND").single(DynamicIndexOps::update));

    private DynamicIndexOps() {}

    /** Gathers along one axis after the other. The indices are a range, so that sizes stay known. */
    private static Value slice(OpContext in, Value x) {
        Value window = x;
        List<Long> sizes = in.op().integers("slice_sizes");
        for (int axis = 0; axis < x.rank(); axis++) {
            if (!x.shape().dim(axis).is(sizes.get(axis))) {
                Value start = start(in, 1 + axis, x, axis, sizes.get(axis));
                Value indices = in.b().add(range(in.b(), sizes.get(axis)), start);
                window = in.b().apply(StandardOp.GATHER, Attributes.of("axis", axis), window, indices);
            }
        }
        return window;
    }

    /** The first index of a window of some size that fits: a scalar. */
    private static Value start(OpContext in, int operand, Value x, int axis, long size) {
        GraphBuilder b = in.b();
        Value wished = b.cast(in.real(operand), OnnxType.INT64);
        Value zero = b.constant(TensorData.scalar(OnnxType.INT64, 0));
        Value last = x.shape().dim(axis).isKnown()
                ? b.constant(TensorData.ofLongs(
                        OnnxType.INT64, new long[] {x.shape().dim(axis).coefficient() - size}))
                : b.sub(DynamicShapeOps.size(b, x, axis), b.constant(TensorData.ofLongs(OnnxType.INT64, new long[] {size
                })));
        return wished.data()
                .filter(data -> last.isConstant())
                .map(data -> b.constant(TensorData.ofLongs(OnnxType.INT64, new long[] {
                    Math.max(
                            0,
                            Math.min(data.longAt(0), last.data().orElseThrow().longAt(0)))
                })))
                .orElseGet(() -> last.isConstant()
                        ? b.apply(StandardOp.CLIP, wished, zero, last)
                        : b.apply(StandardOp.MAX, b.apply(StandardOp.MIN, wished, last), zero));
    }

    private static Value range(GraphBuilder b, long size) {
        long[] indices = new long[(int) size];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i;
        }
        return b.longs(indices);
    }

    private static LoweredTensor update(OpContext in) {
        List<Value> into = in.operand(0).full(in.b()).parts();
        TranslatedTensor from = in.operand(1).full(in.b());
        List<Value> parts = new ArrayList<>();
        for (int part = 0; part < into.size(); part++) {
            parts.add(updated(in, into.get(part), from.parts().get(part)));
        }
        return in.result(from.of(parts));
    }

    /** Scatters whole slices behind the last axis along which the window is smaller. */
    private static Value updated(OpContext in, Value into, Value window) {
        GraphBuilder b = in.b();
        int depth = 0;
        for (int axis = 0; axis < into.rank(); axis++) {
            depth = into.shape().dim(axis).sameAs(window.shape().dim(axis)) ? depth : axis + 1;
        }
        if (depth == 0) {
            return window;
        }
        Value indices = null;
        long[] grid = new long[depth];
        for (int axis = 0; axis < depth; axis++) {
            grid[axis] = window.shape()
                    .dim(axis)
                    .size()
                    .orElseThrow(
                            () -> new IllegalArgumentException("windows of open size are not supported in updates"));
        }
        for (int axis = 0; axis < depth; axis++) {
            Value along = range(b, grid[axis]);
            Value start = start(in, 2 + axis, into, axis, grid[axis]);
            long[] sizes = new long[depth + 1];
            Arrays.fill(sizes, 1);
            sizes[axis] = grid[axis];
            Value placed = b.reshape(b.add(along, start), sizes);
            long[] full = Arrays.copyOf(grid, depth + 1);
            full[depth] = 1;
            Value column = b.expand(placed, b.longs(full));
            indices = indices == null ? column : b.concat(depth, indices, column);
        }
        return b.apply(StandardOp.SCATTER_ND, into, indices, window);
    }
}
