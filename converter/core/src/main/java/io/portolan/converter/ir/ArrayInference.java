package io.portolan.converter.ir;

import static io.portolan.converter.ir.Inference.constant;
import static io.portolan.converter.ir.Inference.require;
import static io.portolan.converter.ir.Inference.sameElement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;

/** Type inference of operators that move elements without computing with them. */
final class ArrayInference {
    private ArrayInference() {}

    /** The type of the shape of a value, a vector. */
    static List<TensorType> shape(List<Value> inputs, Attributes attributes) {
        return List.of(
                new TensorType(OnnxType.INT64, TensorShape.of(inputs.get(0).rank())));
    }

    /** The second input holds the new dimensions, at most one of them -1. */
    static List<TensorType> reshape(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        if (inputs.get(1).data().isPresent()) {
            long[] sizes = inputs.get(1).data().get().longs();
            boolean keeps = attributes.integer("allowzero", 0) == 0;
            return List.of(x.type().withShape(keeps ? keeping(x.shape(), sizes) : reshaped(x.shape(), sizes)));
        }
        return List.of(
                x.type().withShape(completed(shapeIn(inputs.get(1)), x.shape().elements())));
    }

    /** Infers a single unknown dimension from the number of elements. */
    private static TensorShape completed(TensorShape shape, Dim elements) {
        List<Dim> dims = shape.dims();
        int unknown = dims.indexOf(Dim.UNKNOWN);
        if (unknown < 0 || unknown != dims.lastIndexOf(Dim.UNKNOWN)) {
            return shape;
        }
        Dim others = shape.with(unknown, Dim.ONE).elements();
        return shape.with(unknown, elements.dividedBy(others));
    }

    /** Sizes 0 stand for those of the same axes of the input. */
    private static TensorShape keeping(TensorShape from, long[] sizes) {
        List<Dim> others = new ArrayList<>();
        List<Long> rest = new ArrayList<>();
        for (int axis = 0; axis < sizes.length; axis++) {
            boolean isKept = sizes[axis] == 0;
            require(!isKept || axis < from.rank(), "sizes 0 for axes of " + from, sizes.length);
            if (!isKept) {
                rest.add(sizes[axis]);
            }
        }
        for (int axis = 0; axis < from.rank(); axis++) {
            if (axis >= sizes.length || sizes[axis] != 0) {
                others.add(from.dim(axis));
            }
        }
        Iterator<Dim> reshaped = reshaped(
                        new TensorShape(others),
                        rest.stream().mapToLong(Long::longValue).toArray())
                .dims()
                .iterator();
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < sizes.length; axis++) {
            dims.add(sizes[axis] == 0 ? from.dim(axis) : reshaped.next());
        }
        return new TensorShape(dims);
    }

    private static TensorShape reshaped(TensorShape from, long[] sizes) {
        Dim rest = from.elements();
        Dim known =
                LongStream.of(sizes).filter(size -> size >= 0).mapToObj(Dim::of).reduce(Dim.ONE, Dim::times);
        long inferred = LongStream.of(sizes).filter(size -> size < 0).count();
        require(inferred <= 1, "at most one size -1", sizes.length);
        Dim quotient = rest.dividedBy(known);
        // Without a -1, both element counts must agree; with one, the other sizes must divide the count.
        boolean fits = inferred == 0 ? rest.canEqual(known) : !rest.isKnown() || quotient.isKnown() || known.is(0);
        require(
                fits,
                "sizes for the elements of shape " + from,
                LongStream.of(sizes).boxed().toList());
        return new TensorShape(LongStream.of(sizes)
                .mapToObj(size -> size < 0 ? quotient : Dim.of(size))
                .toList());
    }

    /** The second input holds the shape to broadcast to. */
    static List<TensorType> expand(List<Value> inputs, Attributes attributes) {
        return List.of(inputs.get(0).type().withShape(inputs.get(0).shape().broadcastWith(shapeIn(inputs.get(1)))));
    }

    private static TensorShape shapeIn(Value vector) {
        require(vector.element() == OnnxType.INT64 && vector.rank() == 1, "an INT64 vector", vector);
        Dim length = vector.shape().dim(0);
        require(length.isKnown(), "a shape of known rank", vector);
        return vector.contents().map(TensorShape::new).orElseGet(() -> TensorShape.unknown((int) length.coefficient()));
    }

    static List<TensorType> transpose(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        return List.of(x.type().withShape(x.shape().transposed(attributes.integers("perm"))));
    }

    /** Axes are those of the output. */
    static List<TensorType> unsqueeze(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        List<Long> axes = constant(inputs, 1);
        int rank = x.rank() + axes.size();
        List<Integer> positions = TensorShape.unknown(rank).axes(axes);
        require(positions.stream().distinct().count() == axes.size(), "different axes", axes);
        List<Dim> dims = new ArrayList<>(x.shape().dims());
        positions.stream().sorted().forEach(axis -> dims.add(axis, Dim.ONE));
        return List.of(x.type().withShape(new TensorShape(dims)));
    }

    static List<TensorType> squeeze(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        List<Integer> axes = x.shape().axes(constant(inputs, 1));
        require(axes.stream().allMatch(axis -> x.shape().dim(axis).canEqual(Dim.ONE)), "size 1 at axes " + axes, x);
        List<Dim> dims = new ArrayList<>(x.shape().dims());
        axes.stream().sorted(Collections.reverseOrder()).forEach(axis -> dims.remove((int) axis));
        return List.of(x.type().withShape(new TensorShape(dims)));
    }

    static List<TensorType> concat(List<Value> inputs, Attributes attributes) {
        OnnxType element = sameElement(inputs);
        TensorShape shape = inputs.get(0).shape();
        int axis = shape.axis(attributes.integer("axis"));
        Dim total = Dim.of(0);
        for (Value input : inputs) {
            require(input.rank() == shape.rank(), "inputs of one rank", inputs);
            for (int i = 0; i < shape.rank(); i++) {
                Dim dim = input.shape().dim(i);
                require(i == axis || dim.canEqual(shape.dim(i)), "equal sizes off axis " + axis, inputs);
                shape = i != axis && dim.isKnown() ? shape.with(i, dim) : shape;
            }
            total = sum(total, input.shape().dim(axis));
        }
        return List.of(new TensorType(element, shape.with(axis, total)));
    }

    private static Dim sum(Dim a, Dim b) {
        if (a.is(0)) {
            return b;
        }
        boolean alike = !a.isUnknown() && !b.isUnknown() && a.symbols().equals(b.symbols());
        return alike ? new Dim(a.coefficient() + b.coefficient(), a.symbols()) : Dim.UNKNOWN;
    }

    /** The second input holds the size of each part. */
    static List<TensorType> split(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        List<Long> sizes = constant(inputs, 1);
        int axis = x.shape().axis(attributes.integer("axis"));
        Dim total = Dim.of(sizes.stream().mapToLong(Long::longValue).sum());
        require(x.shape().dim(axis).canEqual(total), "parts that sum to the size of axis " + axis, x + ", " + sizes);
        return sizes.stream()
                .map(size -> x.type().withShape(x.shape().with(axis, Dim.of(size))))
                .toList();
    }

    /** Inputs are starts, ends, axes and steps. */
    static List<TensorType> slice(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        TensorShape shape = x.shape();
        List<Long> axes = constant(inputs, 3);
        boolean isFixed = inputs.get(1).isConstant() && inputs.get(2).isConstant();
        for (int i = 0; i < axes.size(); i++) {
            int axis = shape.axis(axes.get(i));
            if (!isFixed) {
                shape = shape.with(axis, openLength(inputs, i, shape.dim(axis)));
                continue;
            }
            SliceRange range = new SliceRange(
                    constant(inputs, 1).get(i),
                    constant(inputs, 2).get(i),
                    constant(inputs, 4).get(i));
            shape = shape.with(axis, range.length(shape.dim(axis)));
        }
        return List.of(x.type().withShape(shape));
    }

    /** The length of a range between bounds that are tracked; known if they are inside of the axis. */
    private static Dim openLength(List<Value> inputs, int index, Dim size) {
        boolean isContiguous =
                inputs.get(4).data().filter(steps -> steps.longAt(index) == 1).isPresent();
        Quantity start = element(inputs.get(1), index);
        Quantity end = element(inputs.get(2), index);
        boolean isInside = start.isNeverNegative()
                && end.minus(start).isNeverNegative()
                && Quantity.of(size).minus(end).isNeverNegative();
        return isContiguous && isInside ? end.minus(start).dim() : Dim.UNKNOWN;
    }

    private static Quantity element(Value vector, int index) {
        return vector.quantities().map(elements -> elements.get(index)).orElse(Quantity.UNKNOWN);
    }

    static List<TensorType> gather(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        int axis = x.shape().axis(attributes.integer("axis", 0));
        List<Dim> dims = new ArrayList<>(x.shape().dims().subList(0, axis));
        dims.addAll(inputs.get(1).shape().dims());
        dims.addAll(x.shape().dims().subList(axis + 1, x.rank()));
        return List.of(x.type().withShape(new TensorShape(dims)));
    }

    static List<TensorType> tile(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        TensorShape repeats = shapeIn(inputs.get(1));
        require(repeats.rank() == x.rank(), "one repeat for each axis of " + x, repeats);
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            dims.add(x.shape().dim(axis).times(repeats.dim(axis)));
        }
        return List.of(x.type().withShape(new TensorShape(dims)));
    }

    /** The second input holds the pads before each axis, then those after each axis. */
    static List<TensorType> pad(List<Value> inputs, Attributes attributes) {
        Value x = inputs.get(0);
        Value pads = inputs.get(1);
        require(pads.shape().dim(0).canEqual(Dim.of(2L * x.rank())), "two pads for each axis of " + x, pads);
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            Quantity added = element(pads, axis).plus(element(pads, axis + x.rank()));
            dims.add(Quantity.of(x.shape().dim(axis)).plus(added).dim());
        }
        return List.of(x.type().withShape(new TensorShape(dims)));
    }
}
