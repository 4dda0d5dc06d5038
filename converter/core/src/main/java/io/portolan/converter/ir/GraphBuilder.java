package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Appends nodes to a graph, with a method for each construct that handlers and passes need. Every value it returns is typed; an
 * operator that cannot take its inputs is rejected here, with both in the message.
 */
public final class GraphBuilder {
    /** The largest number of elements that are evaluated at once. */
    private static final long SMALL = 1024;

    /** The longest chain of operators on floats that is evaluated for an integer. */
    private static final int DEEPEST = 6;

    private final OnnxGraph graph;
    private String scope = "";

    /** A builder that appends to this graph. */
    public GraphBuilder(OnnxGraph graph) {
        this.graph = graph;
    }

    /** The graph this appends to. */
    public OnnxGraph graph() {
        return graph;
    }

    /**
     * A builder that appends to the outermost graph, before the node that this builder's graph belongs to: for values that a loop
     * need not compute in every iteration.
     */
    public GraphBuilder outermost() {
        return new GraphBuilder(graph.outermost()).scope(scope);
    }

    /** A builder that appends to a new graph nested in this builder's, with names of the same scope. */
    public GraphBuilder nested(String wish) {
        return new GraphBuilder(graph.nested(scoped(wish))).scope(scope);
    }

    /** Sets the prefix of the names that follow, usually the node of the source graph that is being translated. */
    public GraphBuilder scope(String name) {
        this.scope = name;
        return this;
    }

    /**
     * Appends one node. Small tensors of integers or booleans that are already known, such as the shape of a static value, become constants
     * instead, so that axes, sizes and pads are constants however they were computed; a result that equals an input for all sizes is that
     * input. A dimension that does not follow from the inputs gets its own symbol, named after the value and the axis.
     *
     * @return the outputs of the node
     * @throws IllegalArgumentException if the operator does not take these inputs or has no such attributes
     */
    public List<Value> node(Op op, Attributes attributes, Value... inputs) {
        List<Value> arguments = List.of(inputs);
        op.requireTakes(arguments, attributes);
        List<TensorType> types = infer(op, attributes, arguments);
        String name = graph.uniqueName(scoped(op.opName()));
        List<Value> outputs = new ArrayList<>(types.size());
        for (TensorType inferred : types) {
            String output = outputs.isEmpty() ? name : graph.uniqueName(name);
            outputs.add(new Value(output, inferred.withShape(inferred.shape().named(output)), null, null));
        }
        Node node = tracked(new Node(name, op, arguments, outputs, attributes));
        Optional<TensorData> known = isSmallExact(types.get(0)) ? evaluated(node, DEEPEST) : Optional.empty();
        if (known.isPresent()) {
            return List.of(new Value(name, types.get(0), known.get(), SymbolicContents.of(known.get())));
        }
        Optional<Value> same = unchanged(node);
        if (same.isPresent()) {
            return List.of(same.get());
        }
        graph.append(node);
        return node.outputs();
    }

    /** The input that the only output of a node equals for all sizes, as {@code Max(batch, 0)} does, if there is one. */
    private static Optional<Value> unchanged(Node node) {
        Optional<List<Quantity>> contents = node.outputs().get(0).quantities();
        boolean isFormed = contents.isPresent()
                && !contents.get().isEmpty()
                && contents.get().stream().allMatch(element -> element.form().isPresent());
        return isFormed
                ? node.inputs().stream()
                        .filter(input -> input.type().equals(node.output().type())
                                && input.quantities().equals(contents))
                        .findFirst()
                : Optional.empty();
    }

    private static Node tracked(Node node) {
        List<Quantity> contents = node.outputs().size() == 1 ? SymbolicContents.of(node) : null;
        if (contents == null) {
            return node;
        }
        Value output = new Value(node.output().name(), node.output().type(), null, contents);
        return new Node(node.name(), node.op(), node.inputs(), List.of(output), node.attributes());
    }

    /**
     * Appends a copy of a node without subgraphs of another graph.
     *
     * @param replacements what stands for values of that graph; the outputs of the node are added
     */
    public void copy(Node node, Map<Value, Value> replacements) {
        Value[] inputs = node.inputs().stream()
                .map(input -> replacements.getOrDefault(input, input))
                .toArray(Value[]::new);
        List<Value> copies = scope(node.name()).node(node.op(), node.attributes(), inputs);
        for (int i = 0; i < copies.size(); i++) {
            replacements.put(node.outputs().get(i), copies.get(i));
        }
    }

    private static boolean isSmallExact(TensorType type) {
        return !type.element().isFloating() && isSmall(type);
    }

    private static boolean isSmall(TensorType type) {
        return type.shape().isStatic() && type.shape().elements().coefficient() <= SMALL;
    }

    /** The result of a node; where it takes floats, as in {@code Cast(Ceil(size / 2.0))}, these are evaluated for it alone. */
    private Optional<TensorData> evaluated(Node node, int depth) {
        List<Value> inputs =
                node.inputs().stream().map(input -> evaluated(input, depth)).toList();
        return ConstantEvaluator.evaluate(inputs.equals(node.inputs()) ? node : node.withInputs(inputs));
    }

    private Value evaluated(Value value, int depth) {
        if (depth == 0 || value.isConstant() || !value.element().isFloating() || !isSmall(value.type())) {
            return value;
        }
        return graph.producer(value)
                .filter(producer -> producer.outputs().size() == 1)
                .flatMap(producer -> evaluated(producer, depth - 1))
                .map(data -> new Value(value.name(), value.type(), data, null))
                .orElse(value);
    }

    private List<TensorType> infer(Op op, Attributes attributes, List<Value> inputs) {
        try {
            return op.infer(inputs, attributes);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(op.opName() + inputs + ": " + e.getMessage(), e);
        }
    }

    private String scoped(String suffix) {
        return scope.isEmpty() ? suffix : scope + "/" + suffix;
    }

    /** Appends a node with one output and no attributes. */
    public Value apply(Op op, Value... inputs) {
        return apply(op, Attributes.NONE, inputs);
    }

    /** Appends a node with one output. */
    public Value apply(Op op, Attributes attributes, Value... inputs) {
        return node(op, attributes, inputs).get(0);
    }

    /** A constant named after the scope. */
    public Value constant(TensorData data) {
        return constant(data, scoped("const"));
    }

    /** A constant with the given name, or a similar one if it is taken. */
    public Value constant(TensorData data, String name) {
        TensorType type = new TensorType(data.type(), TensorShape.of(data.shape()));
        return new Value(graph.uniqueName(name), type, data, SymbolicContents.of(data));
    }

    /** A constant vector of integers, such as ONNX takes for shapes and axes. */
    public Value longs(long... elements) {
        return constant(TensorData.ofLongs(elements));
    }

    /** A constant vector of integers. */
    public Value longs(List<Long> elements) {
        return longs(elements.stream().mapToLong(Long::longValue).toArray());
    }

    /** A constant scalar of the same element type as another value. */
    public Value like(Value other, double number) {
        return constant(TensorData.scalar(other.element(), number));
    }

    /** The elementwise sum. */
    public Value add(Value a, Value b) {
        return apply(StandardOp.ADD, a, b);
    }

    /** The elementwise difference. */
    public Value sub(Value a, Value b) {
        return apply(StandardOp.SUB, a, b);
    }

    /** The elementwise product. */
    public Value mul(Value a, Value b) {
        return apply(StandardOp.MUL, a, b);
    }

    /** The elementwise quotient. */
    public Value div(Value a, Value b) {
        return apply(StandardOp.DIV, a, b);
    }

    /** The elementwise negative. */
    public Value neg(Value x) {
        return apply(StandardOp.NEG, x);
    }

    /** Selects from {@code yes} where the condition holds and from {@code no} elsewhere. */
    public Value where(Value condition, Value yes, Value no) {
        return apply(StandardOp.WHERE, condition, yes, no);
    }

    /** The matrix product over the last two axes; the others broadcast. */
    public Value matMul(Value a, Value b) {
        return apply(StandardOp.MAT_MUL, a, b);
    }

    /** Converts elements; a value that already has the type is returned as is. */
    public Value cast(Value x, OnnxType to) {
        return x.element() == to ? x : apply(StandardOp.CAST, Attributes.of("to", to.number()), x);
    }

    /** The shape of a value at run time. */
    public Value shapeOf(Value x) {
        return apply(StandardOp.SHAPE, x);
    }

    /** Reshapes to fixed sizes, one of which may be -1. */
    public Value reshape(Value x, long... sizes) {
        // ONNX reads 0 as "keep this size" unless allowzero is set.
        boolean empty = LongStream.of(sizes).anyMatch(size -> size == 0);
        return apply(StandardOp.RESHAPE, empty ? Attributes.of("allowzero", 1) : Attributes.NONE, x, longs(sizes));
    }

    /**
     * Reshapes to the shape that a vector of integers holds at run time. Where all of its sizes but one are numbers, or those of the same
     * axes of the value, it is written as a constant, which needs no shape arithmetic.
     */
    public Value reshape(Value x, Value shape) {
        return shape.quantities()
                .flatMap(sizes -> constantShape(x, sizes))
                .map(sizes -> apply(StandardOp.RESHAPE, x, longs(sizes)))
                .orElseGet(() -> apply(StandardOp.RESHAPE, x, cast(shape, OnnxType.INT64)));
    }

    /** Sizes with at most one -1, for what is left of the elements, and 0 for those that stay; empty if there are no such sizes. */
    private Optional<List<Long>> constantShape(Value x, List<Quantity> sizes) {
        boolean hasOneUnknown = sizes.stream().filter(size -> !isSize(size)).count() <= 1;
        List<Long> written = new ArrayList<>();
        boolean isFilled = true;
        for (int axis = 0; axis < sizes.size(); axis++) {
            Quantity size = sizes.get(axis);
            boolean stays = axis < x.rank() && size.dim().sameAs(x.shape().dim(axis));
            boolean isKept = !isSize(size) && stays && !hasOneUnknown;
            written.add(isSize(size) ? size.number() : isKept ? 0 : -1);
            isFilled &= !isKept || isSizeOfInput(size.dim());
        }
        int rests = Collections.frequency(written, -1L);
        // Nothing is left of no elements, as of a list or a selection that may be empty.
        boolean isClear = (rests == 0 || rests == 1 && isFilled)
                && sizes.stream().noneMatch(size -> size.isKnown() && size.number() == 0);
        return isClear ? Optional.of(written) : Optional.empty();
    }

    /** Whether a size is that of an axis of a model's input, which is not empty. */
    private boolean isSizeOfInput(Dim size) {
        return graph.outermost().inputs().stream()
                .anyMatch(input -> input.shape().dims().stream().anyMatch(size::sameAs));
    }

    private static boolean isSize(Quantity quantity) {
        return quantity.isKnown() && quantity.number() >= 0;
    }

    /** Axis {@code i} of the result is axis {@code permutation[i]} of the input. */
    public Value transpose(Value x, long... permutation) {
        return apply(StandardOp.TRANSPOSE, Attributes.of("perm", list(permutation)), x);
    }

    /** Exchanges the last two axes. */
    public Value transposeMatrix(Value x) {
        long[] permutation = LongStream.range(0, x.rank()).toArray();
        permutation[x.rank() - 2] = x.rank() - 1;
        permutation[x.rank() - 1] = x.rank() - 2;
        return transpose(x, permutation);
    }

    /** Inserts axes of size 1, at positions in the result. */
    public Value unsqueeze(Value x, long... axes) {
        return axes.length == 0 ? x : apply(StandardOp.UNSQUEEZE, x, longs(axes));
    }

    /** Removes axes of size 1. */
    public Value squeeze(Value x, long... axes) {
        return axes.length == 0 ? x : apply(StandardOp.SQUEEZE, x, longs(axes));
    }

    /** Concatenates values along an axis, without those that are empty; a single one is returned as is. */
    public Value concat(int axis, Value... parts) {
        Value[] filled = Arrays.stream(parts)
                .filter(part -> !part.shape().dim(axis).is(0))
                .toArray(Value[]::new);
        Value[] joined = filled.length == 0 ? new Value[] {parts[0]} : filled;
        return joined.length == 1 ? joined[0] : apply(StandardOp.CONCAT, Attributes.of("axis", axis), joined);
    }

    /** Splits a value along an axis into parts of these sizes. */
    public List<Value> split(Value x, int axis, List<Long> sizes) {
        if (sizes.size() == 1) {
            return List.of(x);
        }
        return x.quantities().isPresent()
                ? slices(x, axis, sizes)
                : node(StandardOp.SPLIT, Attributes.of("axis", axis), x, longs(sizes));
    }

    /** The parts of a tracked value: slices are evaluated and tracked. */
    private List<Value> slices(Value x, int axis, List<Long> sizes) {
        List<Value> parts = new ArrayList<>();
        long start = 0;
        for (long size : sizes) {
            parts.add(slice(x, List.of((long) axis), List.of(new SliceRange(start, start + size, 1))));
            start += size;
        }
        return parts;
    }

    /** Slices a value: one range for each of the axes. */
    public Value slice(Value x, List<Long> axes, List<SliceRange> ranges) {
        if (axes.isEmpty()) {
            return x;
        }
        return apply(
                StandardOp.SLICE,
                x,
                longs(ranges.stream().map(SliceRange::start).toList()),
                longs(ranges.stream().map(SliceRange::end).toList()),
                longs(axes),
                longs(ranges.stream().map(SliceRange::step).toList()));
    }

    /** Pads each axis with a scalar: {@code pads} holds the sizes before each axis, then those after each axis. */
    public Value pad(Value x, List<Long> pads, Value fill) {
        return pads.stream().allMatch(pad -> pad == 0) ? x : apply(StandardOp.PAD, x, longs(pads), fill);
    }

    /** As {@link #pad(Value, List, Value)}, for pads that may be known only at run time. */
    public Value pad(Value x, Value pads, Value fill) {
        return pads.isConstant()
                ? pad(x, pads.data().orElseThrow().longList(), fill)
                : apply(StandardOp.PAD, x, pads, fill);
    }

    /** Broadcasts a value to the shape that a vector holds. */
    public Value expand(Value x, Value shape) {
        return apply(StandardOp.EXPAND, x, cast(shape, OnnxType.INT64));
    }

    /** Reduces axes with one of the {@code REDUCE} operators; without axes, the value is unchanged. */
    public Value reduce(StandardOp op, Value x, boolean keepDims, long... axes) {
        return axes.length == 0 ? x : apply(op, Attributes.of("keepdims", keepDims ? 1 : 0), x, longs(axes));
    }

    private static List<Long> list(long[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }
}
