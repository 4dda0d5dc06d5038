package io.portolan.converter.ir;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;

/** Evaluates operators on truth values and integers, as computations of indices and masks use them. */
final class IndexEvaluator {
    private IndexEvaluator() {}

    /** An operator on truth values or integers that are not UINT64. */
    static ConstantEvaluator.Evaluation exact(LongBinaryOperator operator) {
        return (node, inputs) -> {
            OnnxType type = inputs.get(0).type();
            if (type.isFloating() || type == OnnxType.UINT64) {
                return null;
            }
            long[] shape = node.output().shape().sizes();
            long[] left = ConstantEvaluator.expand(inputs.get(0), shape).longs();
            long[] right = ConstantEvaluator.expand(inputs.get(1), shape).longs();
            Arrays.setAll(left, i -> operator.applyAsLong(left[i], right[i]));
            return TensorData.ofLongs(type, left, shape);
        };
    }

    static TensorData not(Node node, List<TensorData> inputs) {
        long[] truth = inputs.get(0).longs();
        Arrays.setAll(truth, i -> 1 - truth[i]);
        return TensorData.ofLongs(OnnxType.BOOL, truth, node.output().shape().sizes());
    }

    /** Integers from the first to below the second by steps of the third. */
    static TensorData range(Node node, List<TensorData> inputs) {
        OnnxType type = inputs.get(0).type();
        if (!type.isInteger() || type == OnnxType.UINT64) {
            return null;
        }
        long size = node.output().shape().sizes()[0];
        long first = inputs.get(0).longAt(0);
        long step = inputs.get(2).longAt(0);
        return TensorData.ofLongs(
                type, LongStream.range(0, size).map(i -> first + i * step).toArray(), size);
    }

    static TensorData gather(Node node, List<TensorData> inputs) {
        TensorData data = inputs.get(0);
        int axis = node.input(0).shape().axis(node.attributes().integer("axis", 0));
        long size = data.shape()[axis];
        long[] indices = Arrays.stream(inputs.get(1).longs())
                .map(index -> index < 0 ? index + size : index)
                .toArray();
        if (Arrays.stream(indices).anyMatch(index -> index < 0 || index >= size)) {
            return null;
        }
        long[] shape = node.output().shape().sizes();
        ByteBuffer gathered = TensorData.allocate(data.type(), shape);
        ByteBuffer from = data.bytes();
        int rows = (int) Arrays.stream(data.shape(), 0, axis).reduce(1, Math::multiplyExact);
        int row = rows == 0 ? 0 : from.limit() / rows;
        int width = size == 0 ? 0 : row / (int) size;
        for (int i = 0; i < rows; i++) {
            for (long index : indices) {
                gathered.put(from.slice(i * row + (int) index * width, width));
            }
        }
        return new TensorData(data.type(), shape, gathered.flip());
    }

    /** Repeats a tensor along each axis. */
    static TensorData tile(Node node, List<TensorData> inputs) {
        long[] sizes = inputs.get(0).shape();
        return picked(node, inputs.get(0), inputs.get(0), (axis, index) -> index % sizes[axis]);
    }

    /** Pads with a constant. */
    static TensorData pad(Node node, List<TensorData> inputs) {
        if (!node.attributes().text("mode", "constant").equals("constant")) {
            return null;
        }
        TensorData pads = inputs.get(1);
        return picked(node, inputs.get(0), inputs.get(2), (axis, index) -> index - pads.longAt(axis));
    }

    /** The index along an axis of the input from the one of the output. */
    @FunctionalInterface
    private interface Origin {
        long of(int axis, long index);
    }

    /** The tensor whose elements are those at their origins, or the first one of a filling where these are outside the source. */
    private static TensorData picked(Node node, TensorData source, TensorData filling, Origin origin) {
        long[] shape = node.output().shape().sizes();
        long[] sizes = source.shape();
        int width = source.type().bytes();
        ByteBuffer picked = TensorData.allocate(source.type(), shape);
        for (int position = 0; picked.hasRemaining(); position++) {
            long rest = position;
            long offset = 0;
            long stride = 1;
            boolean isInside = true;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                long index = origin.of(axis, rest % shape[axis]);
                isInside &= index >= 0 && index < sizes[axis];
                offset += index * stride;
                stride *= sizes[axis];
                rest /= shape[axis];
            }
            picked.put(
                    isInside
                            ? source.bytes().slice((int) offset * width, width)
                            : filling.bytes().slice(0, width));
        }
        return new TensorData(source.type(), shape, picked.flip());
    }
}
