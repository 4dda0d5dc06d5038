package io.portolan.converter.ir;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/**
 * Evaluates operators on constants, as {@link StandardOp} defines for each, bit for bit as a runtime does. Hence only operators that
 * move elements and those that IEEE 754 rounds correctly: with float operands, +, -, *, / and square root in double precision followed
 * by one rounding to float give exactly the float result.
 */
public final class ConstantEvaluator {
    /** Computes the output of a node from its inputs; null if the case is not covered. */
    @FunctionalInterface
    interface Evaluation {
        TensorData apply(Node node, List<TensorData> inputs);
    }

    private ConstantEvaluator() {}

    /**
     * The only output of a node, if it is known before the graph runs: because its inputs are constants, or because its elements are
     * tracked and turned out known.
     */
    public static Optional<TensorData> evaluate(Node node) {
        // Texts have no elements of one size, and are not folded.
        if (isText(node.outputs().get(0)) || node.inputs().stream().anyMatch(ConstantEvaluator::isText)) {
            return Optional.empty();
        }
        if (node.outputs().size() != 1 || !node.output().shape().isStatic()) {
            return Optional.empty();
        }
        Optional<TensorData> tracked = node.output()
                .quantities()
                .filter(elements -> elements.stream().allMatch(Quantity::isKnown))
                .map(elements -> TensorData.ofLongs(
                        node.output().element(),
                        elements.stream().mapToLong(Quantity::number).toArray(),
                        shape(node)));
        return tracked.isPresent() || !node.inputs().stream().allMatch(Value::isConstant)
                ? tracked
                : evaluate(
                        node,
                        node.inputs().stream()
                                .map(input -> input.data().orElseThrow())
                                .toList());
    }

    /** The parts of a constant that a node splits; empty if the node is no such split. */
    public static Optional<List<TensorData>> parts(Node node) {
        boolean isSplit = node.op() == StandardOp.SPLIT
                && node.input(0).isConstant()
                && !isText(node.input(0))
                && node.outputs().stream().allMatch(part -> part.shape().isStatic());
        if (!isSplit) {
            return Optional.empty();
        }
        TensorData whole = node.input(0).data().orElseThrow();
        int axis = node.input(0).shape().axis(node.attributes().integer("axis", 0));
        long[] strides = strides(whole.shape());
        List<TensorData> parts = new ArrayList<>();
        long start = 0;
        for (Value part : node.outputs()) {
            long[] shape = part.shape().sizes();
            parts.add(StridedElements.of(whole, shape, strides, start));
            start += shape[axis] * strides[axis];
        }
        return Optional.of(parts);
    }

    /** The output of a node for other inputs of the same shapes; empty if the case is not covered. */
    static Optional<TensorData> evaluate(Node node, List<TensorData> inputs) {
        return node.op() instanceof StandardOp op
                ? op.evaluation().map(evaluation -> evaluation.apply(node, inputs))
                : Optional.empty();
    }

    private static boolean isText(Value value) {
        return value.element() == OnnxType.STRING;
    }

    private static long[] shape(Node node) {
        return node.output().shape().sizes();
    }

    static TensorData reshape(Node node, List<TensorData> inputs) {
        return inputs.get(0).reshaped(shape(node));
    }

    static TensorData transpose(Node node, List<TensorData> inputs) {
        return transposed(
                inputs.get(0),
                node.attributes().integers("perm").stream()
                        .mapToLong(Long::longValue)
                        .toArray());
    }

    static TensorData transposed(TensorData data, long[] permutation) {
        long[] from = data.shape();
        long[] strides = strides(from);
        return StridedElements.of(
                data,
                Arrays.stream(permutation).map(axis -> from[(int) axis]).toArray(),
                Arrays.stream(permutation).map(axis -> strides[(int) axis]).toArray(),
                0);
    }

    static TensorData expand(Node node, List<TensorData> inputs) {
        return expand(inputs.get(0), shape(node));
    }

    static TensorData expand(TensorData data, long[] shape) {
        long[] own = data.shape();
        long[] ownStrides = strides(own);
        long[] strides = new long[shape.length];
        for (int axis = 0; axis < own.length; axis++) {
            strides[axis + shape.length - own.length] = own[axis] == 1 ? 0 : ownStrides[axis];
        }
        return Arrays.equals(own, shape) ? data : StridedElements.of(data, shape, strides, 0);
    }

    static TensorData slice(Node node, List<TensorData> inputs) {
        long[] strides = strides(inputs.get(0).shape());
        long[] axes = inputs.get(3).longs();
        long start = 0;
        for (int i = 0; i < axes.length; i++) {
            int axis = node.input(0).shape().axis(axes[i]);
            SliceRange range = new SliceRange(
                    inputs.get(1).longAt(i),
                    inputs.get(2).longAt(i),
                    inputs.get(4).longAt(i));
            start += range.first(inputs.get(0).shape()[axis]) * strides[axis];
            strides[axis] *= range.step();
        }
        return StridedElements.of(inputs.get(0), shape(node), strides, start);
    }

    static TensorData concat(Node node, List<TensorData> inputs) {
        long[] shape = shape(node);
        int axis = node.output().shape().axis(node.attributes().integer("axis"));
        long rows = Arrays.stream(shape, 0, axis).reduce(1, Math::multiplyExact);
        ByteBuffer joined = TensorData.allocate(node.output().element(), shape);
        for (int row = 0; row < rows; row++) {
            for (TensorData input : inputs) {
                int bytes = (int) (input.bytes().limit() / rows);
                joined.put(input.bytes().slice(row * bytes, bytes));
            }
        }
        return new TensorData(node.output().element(), shape, joined.flip());
    }

    /** Covers casts in which no element changes its value, apart from fractions that integers cut off: neither rounding nor overflow occurs. */
    static TensorData cast(Node node, List<TensorData> inputs) {
        OnnxType to = node.output().element();
        TensorData from = inputs.get(0);
        boolean isHalf = to == OnnxType.FLOAT16 || from.type() == OnnxType.FLOAT16;
        if (isHalf || to == OnnxType.BFLOAT16 || from.type() == OnnxType.BFLOAT16) {
            return null;
        }
        if (!from.type().isFloating() && !to.isFloating()) {
            return integers(from, to, shape(node));
        }
        if (from.type().bytes() == Long.BYTES && from.type().isInteger() && !isExact(from)) {
            return null;
        }
        double[] numbers = from.doubles();
        if (to.isInteger()) {
            Arrays.setAll(numbers, i -> numbers[i] < 0 ? Math.ceil(numbers[i]) + 0.0 : Math.floor(numbers[i]));
        }
        TensorData cast = TensorData.ofDoubles(to, numbers, shape(node));
        return Arrays.equals(cast.doubles(), numbers) ? cast : null;
    }

    /** Integers of another width; null if an element changes its value. */
    private static TensorData integers(TensorData from, OnnxType to, long[] shape) {
        boolean isWide = from.type() == OnnxType.UINT64 || to == OnnxType.UINT64;
        long[] numbers = from.longs();
        if (to == OnnxType.BOOL) {
            return TensorData.ofLongs(
                    to,
                    Arrays.stream(numbers).map(number -> number == 0 ? 0 : 1).toArray(),
                    shape);
        }
        TensorData cast = TensorData.ofLongs(to, numbers, shape);
        boolean isSame = Arrays.equals(cast.longs(), numbers)
                && (!isWide || Arrays.stream(numbers).allMatch(number -> number >= 0));
        return isSame ? cast : null;
    }

    private static boolean isExact(TensorData integers) {
        return Arrays.stream(integers.longs()).allMatch(number -> Math.abs(number) < 1L << 53);
    }

    static Evaluation unary(DoubleUnaryOperator operator) {
        return (node, inputs) -> {
            TensorData x = inputs.get(0);
            return isRounded(x.type())
                    ? TensorData.ofDoubles(
                            x.type(), Arrays.stream(x.doubles()).map(operator).toArray(), x.shape())
                    : null;
        };
    }

    static Evaluation binary(DoubleBinaryOperator operator) {
        return (node, inputs) -> {
            OnnxType type = inputs.get(0).type();
            if (!isRounded(type)) {
                return null;
            }
            double[] left = expand(inputs.get(0), shape(node)).doubles();
            double[] right = expand(inputs.get(1), shape(node)).doubles();
            Arrays.setAll(left, i -> operator.applyAsDouble(left[i], right[i]));
            return TensorData.ofDoubles(type, left, shape(node));
        };
    }

    /** Covers integers too; their results wrap to the width of the type. */
    static Evaluation binary(DoubleBinaryOperator operator, LongBinaryOperator onIntegers) {
        Evaluation onFloats = binary(operator);
        return (node, inputs) -> {
            OnnxType type = inputs.get(0).type();
            if (!type.isInteger() || type == OnnxType.UINT64) {
                return onFloats.apply(node, inputs);
            }
            long[] left = expand(inputs.get(0), shape(node)).longs();
            long[] right = expand(inputs.get(1), shape(node)).longs();
            Arrays.setAll(left, i -> onIntegers.applyAsLong(left[i], right[i]));
            return TensorData.ofLongs(node.output().element(), left, shape(node));
        };
    }

    /** Compares integers and floats; NaN is handled as Java's operators do. */
    static Evaluation comparison(Comparison operator) {
        return (node, inputs) -> {
            OnnxType type = inputs.get(0).type();
            if (type == OnnxType.UINT64 || type == OnnxType.INT64 && !isExact(inputs)) {
                return null;
            }
            double[] left = expand(inputs.get(0), shape(node)).doubles();
            double[] right = expand(inputs.get(1), shape(node)).doubles();
            long[] truth = new long[left.length];
            Arrays.setAll(truth, i -> operator.holds(left[i], right[i]) ? 1 : 0);
            return TensorData.ofLongs(OnnxType.BOOL, truth, shape(node));
        };
    }

    /** A comparison of two numbers. */
    @FunctionalInterface
    interface Comparison {
        boolean holds(double left, double right);
    }

    private static boolean isExact(List<TensorData> integers) {
        return integers.stream().allMatch(ConstantEvaluator::isExact);
    }

    static TensorData where(Node node, List<TensorData> inputs) {
        TensorData condition = expand(inputs.get(0), shape(node));
        TensorData yes = expand(inputs.get(1), shape(node));
        TensorData no = expand(inputs.get(2), shape(node));
        ByteBuffer chosen = TensorData.allocate(yes.type(), shape(node));
        int width = yes.type().bytes();
        for (int i = 0; i < condition.size(); i++) {
            TensorData from = condition.longAt(i) == 0 ? no : yes;
            chosen.put(from.bytes().slice(i * width, width));
        }
        return new TensorData(yes.type(), shape(node), chosen.flip());
    }

    private static boolean isRounded(OnnxType type) {
        return type == OnnxType.FLOAT || type == OnnxType.DOUBLE;
    }

    static long[] strides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }
}
