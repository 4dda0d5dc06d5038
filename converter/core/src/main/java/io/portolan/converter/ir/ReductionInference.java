package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.constant;
import static io.portolan.converter.ir.Inference.require;
import static io.portolan.converter.ir.Inference.sameElement;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** Type inference of operators that combine the elements along axes. */
final class ReductionInference {
    private ReductionInference() {}

    /** The second input holds the axes to reduce. */
    static List<TensorType> reduce(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        require(x.element().isNumeric(), "a numeric input", x);
        TensorData axes = inputs.get(1)
                .data()
                .orElseThrow(() -> new IllegalArgumentException("expected constant axes, got " + inputs.get(1)));
        return List.of(x.type().withShape(reduced(x.shape(), axes.longs(), attributes.integer("keepdims") == 1)));
    }

    /** The index of the largest element along attribute {@code axis}. */
    static List<TensorType> argMax(List<Value> inputs, Attributes attributes) {
        TensorShape shape = inputs.get(0).shape();
        long[] axes = {attributes.integer("axis")};
        return List.of(new TensorType(OnnxType.INT64, reduced(shape, axes, attributes.integer("keepdims") == 1)));
    }

    /** Running sums along the axis that the second input holds. */
    static List<TensorType> cumulative(List<Value> inputs, Attributes attributes) {
        require(inputs.get(1).rank() == 0, "a scalar axis", inputs.get(1));
        return List.of(inputs.get(0).type());
    }

    /**
     * The transform of real (...,1) or complex (...,2) points to (...,2); the second input is the number of points, the third the axis.
     * With attribute {@code onesided}, the half of the spectrum that determines the other.
     */
    static List<TensorType> fourier(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        int axis = x.shape().axis(constant(inputs, 2).get(0));
        Quantity points = inputs.get(1).quantities().map(count -> count.get(0)).orElse(Quantity.UNKNOWN);
        Quantity frequencies = attributes.integer("onesided", 0) == 0
                ? points
                : points.dividedBy(Quantity.of(2)).plus(Quantity.ONE);
        return List.of(
                x.type().withShape(x.shape().with(axis, frequencies.dim()).with(-1, Dim.of(2))));
    }

    private static TensorShape reduced(TensorShape shape, long[] axes, boolean keep) {
        Set<Integer> reduced =
                new HashSet<>(shape.axes(LongStream.of(axes).boxed().toList()));
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (!reduced.contains(axis)) {
                dims.add(shape.dim(axis));
            } else if (keep) {
                dims.add(Dim.ONE);
            }
        }
        return new TensorShape(dims);
    }

    /** Matrix product over the last two axes; the others broadcast. */
    static List<TensorType> matMul(List<Value> inputs, Attributes attributes) {
        OnnxType element = sameElement(inputs);
        TensorShape a = inputs.get(0).shape();
        TensorShape b = inputs.get(1).shape();
        require(a.rank() >= 2 && b.rank() >= 2, "inputs of rank 2 or more", inputs);
        require(a.dim(-1).canEqual(b.dim(-2)), "inner sizes that agree", inputs);
        List<Dim> dims = new ArrayList<>(outer(a).broadcastWith(outer(b)).dims());
        dims.add(a.dim(-2));
        dims.add(b.dim(-1));
        return List.of(new TensorType(element, new TensorShape(dims)));
    }

    private static TensorShape outer(TensorShape shape) {
        return new TensorShape(shape.dims().subList(0, shape.rank() - 2));
    }
}
