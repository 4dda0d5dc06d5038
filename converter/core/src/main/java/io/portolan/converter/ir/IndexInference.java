package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.require;
import static io.portolan.converter.ir.Inference.sameElement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Type inference of operators that find elements by index, or compute indices. */
final class IndexInference {
    /** The largest constant whose elements are counted: one of indices or a mask of them. */
    private static final int FEW = 1024;

    private IndexInference() {}

    /** The output has the shape of the indices. */
    static List<TensorType> gatherElements(List<Value> inputs, Attributes attributes) {
        return List.of(inputs.get(0).type().withShape(inputs.get(1).shape()));
    }

    /** The last axis of the indices holds the leading coordinates, after {@code batch_dims} axes that both inputs share. */
    static List<TensorType> gatherNd(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        TensorShape indices = inputs.get(1).shape();
        Dim depth = indices.dim(-1);
        require(depth.isKnown(), "a known number of coordinates", inputs.get(1));
        int found = (int) (attributes.integer("batch_dims", 0) + depth.coefficient());
        require(found <= x.rank(), "at most as many coordinates as axes", inputs);
        List<Dim> dims = new ArrayList<>(indices.dims().subList(0, indices.rank() - 1));
        dims.addAll(x.shape().dims().subList(found, x.rank()));
        return List.of(x.type().withShape(new TensorShape(dims)));
    }

    /** The coordinates of the elements that are not 0: (rank, count). */
    static List<TensorType> nonZero(List<Value> inputs, Attributes attributes) {
        Dim count = inputs.get(0)
                .data()
                .filter(data -> data.size() <= FEW)
                .map(data -> Dim.of(Arrays.stream(data.doubles())
                        .filter(element -> element != 0)
                        .count()))
                .orElse(Dim.UNKNOWN);
        return List.of(new TensorType(
                OnnxType.INT64, TensorShape.of(Dim.of(inputs.get(0).rank()), count)));
    }

    /** For each box that is kept: its batch, class and index. */
    static List<TensorType> nonMaxSuppression(List<Value> inputs, Attributes attributes) {
        return List.of(new TensorType(OnnxType.INT64, TensorShape.of(Dim.UNKNOWN, Dim.of(3))));
    }

    /** Numbers from start, towards limit, by delta. */
    static List<TensorType> range(List<Value> inputs, Attributes attributes) {
        OnnxType element = sameElement(inputs);
        require(inputs.stream().allMatch(input -> input.rank() == 0), "scalars", inputs);
        return List.of(new TensorType(element, TensorShape.of(rangeLength(inputs))));
    }

    private static Dim rangeLength(List<Value> inputs) {
        if (inputs.stream().allMatch(Value::isConstant)) {
            double start = inputs.get(0).data().orElseThrow().doubleAt(0);
            double limit = inputs.get(1).data().orElseThrow().doubleAt(0);
            double delta = inputs.get(2).data().orElseThrow().doubleAt(0);
            return Dim.of(Math.max(0, (long) Math.ceil((limit - start) / delta)));
        }
        boolean counts =
                isScalar(inputs.get(2), 1) && inputs.get(0).quantities().isPresent();
        return counts
                ? inputs.get(1)
                        .quantities()
                        .map(limit -> limit.get(0)
                                .minus(inputs.get(0).quantities().get().get(0)))
                        .filter(Quantity::isNeverNegative)
                        .map(Quantity::dim)
                        .orElse(Dim.UNKNOWN)
                : Dim.UNKNOWN;
    }

    private static boolean isScalar(Value value, double number) {
        return value.data().map(data -> data.doubleAt(0) == number).orElse(false);
    }

    /** The last input holds the sizes of all axes; region and scales are left out. */
    static List<TensorType> resize(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        Value sizes = inputs.get(3);
        List<Dim> dims = sizes.contents().orElseGet(() -> Collections.nCopies(x.rank(), Dim.UNKNOWN));
        require(dims.size() == x.rank(), "a size for each axis of " + x, sizes);
        return List.of(x.type().withShape(new TensorShape(dims)));
    }

    /** The largest elements along an axis and their indices; the second input is their number. */
    static List<TensorType> topK(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        Dim count = inputs.get(1).contents().map(k -> k.get(0)).orElse(Dim.UNKNOWN);
        TensorType values = x.type().withShape(x.shape().with((int) attributes.integer("axis", -1), count));
        return List.of(values, values.withElement(OnnxType.INT64));
    }

    /** The distinct elements of a vector, the index of their first occurrence, the inverse indices, and their counts. */
    static List<TensorType> unique(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        require(x.rank() == 1, "a vector", x);
        TensorType found = x.type().withShape(TensorShape.of(Dim.UNKNOWN));
        TensorType indices = found.withElement(OnnxType.INT64);
        return List.of(found, indices, x.type().withElement(OnnxType.INT64), indices);
    }
}
