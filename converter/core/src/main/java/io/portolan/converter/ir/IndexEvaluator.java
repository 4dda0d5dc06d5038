package io.portolan.converter.ir;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
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

    /** The slices at coordinates that the last axis of the second input holds. */
    static TensorData gatherNd(Node node, List<TensorData> inputs) {
        TensorData data = inputs.get(0);
        Optional<long[]> places = places(data.shape(), inputs.get(1));
        if (node.attributes().integer("batch_dims", 0) != 0 || places.isEmpty()) {
            return null;
        }
        ByteBuffer gathered =
                TensorData.allocate(data.type(), node.output().shape().sizes());
        int width = gathered.limit() / Math.max(1, places.get().length);
        for (long place : places.get()) {
            gathered.put(data.bytes().slice((int) place * data.type().bytes(), width));
        }
        return new TensorData(data.type(), node.output().shape().sizes(), gathered.flip());
    }

    /** The first input with the slices at coordinates replaced. */
    static TensorData scatterNd(Node node, List<TensorData> inputs) {
        TensorData data = inputs.get(0);
        Optional<long[]> places = places(data.shape(), inputs.get(1));
        if (!node.attributes().text("reduction", "none").equals("none") || places.isEmpty()) {
            return null;
        }
        ByteBuffer updates = inputs.get(2).bytes();
        ByteBuffer scattered = TensorData.allocate(data.type(), data.shape()).put(data.bytes());
        int width = updates.limit() / Math.max(1, places.get().length);
        for (int i = 0; i < places.get().length; i++) {
            scattered.put((int) places.get()[i] * data.type().bytes(), updates, i * width, width);
        }
        return new TensorData(data.type(), data.shape(), scattered.flip());
    }

    /** The row-major positions of the first elements of slices at coordinates; empty if one is outside. */
    private static Optional<long[]> places(long[] shape, TensorData coordinates) {
        long[] strides = ConstantEvaluator.strides(shape);
        int depth = (int) coordinates.shape()[coordinates.shape().length - 1];
        long[] places = new long[depth == 0 ? 0 : coordinates.size() / depth];
        for (int i = 0; i < coordinates.size(); i++) {
            long size = shape[i % depth];
            long index = coordinates.longAt(i) < 0 ? coordinates.longAt(i) + size : coordinates.longAt(i);
            if (index < 0 || index >= size) {
                return Optional.empty();
            }
            places[i / depth] += index * strides[i % depth];
        }
        return depth == 0 ? Optional.empty() : Optional.of(places);
    }

    /** The first input, a vector, with the elements at the indices replaced. */
    static TensorData scatterElements(Node node, List<TensorData> inputs) {
        boolean isVector = inputs.get(0).shape().length == 1;
        TensorData rows = inputs.get(1).reshaped(inputs.get(1).size(), 1);
        return isVector ? scatterNd(node, List.of(inputs.get(0), rows, inputs.get(2))) : null;
    }

    /** The coordinates (rank, count) of the elements that are not 0. */
    static TensorData nonZero(Node node, List<TensorData> inputs) {
        TensorData data = inputs.get(0);
        int[] found = IntStream.range(0, data.size())
                .filter(i -> data.doubleAt(i) != 0)
                .toArray();
        long[] strides = ConstantEvaluator.strides(data.shape());
        long[] coordinates = new long[strides.length * found.length];
        for (int axis = 0; axis < strides.length; axis++) {
            for (int i = 0; i < found.length; i++) {
                coordinates[axis * found.length + i] = found[i] / strides[axis] % data.shape()[axis];
            }
        }
        return TensorData.ofLongs(OnnxType.INT64, coordinates, strides.length, found.length);
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
