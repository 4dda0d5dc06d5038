package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/** Adds ops to a graph. TensorFlow infers their types and shapes, and refuses those that do not fit. */
final class GraphOps {
    /** More parts than any layer has by far. */
    static final int MOST_PARTS = 1 << 16;

    private final Graph graph;
    private final Map<String, Integer> used = new HashMap<>();
    private String scope = "";

    GraphOps(Graph graph) {
        this.graph = graph;
    }

    /** The graph that ops are added to. */
    Graph graph() {
        return graph;
    }

    /** What the names of the next nodes begin with; TensorFlow's names are letters, digits and a few signs. */
    void scope(String name) {
        scope = safe(name) + "/";
    }

    /** A name for a function of the layer that is written. */
    String unique(String name) {
        return own(scope + name).replace('/', '_');
    }

    /** An op with a name of its own: that one, or with a number behind it. */
    private OperationBuilder builder(String op, String name) {
        return graph.opBuilder(op, own(name), graph.baseScope());
    }

    private String own(String name) {
        String own = name;
        for (int count = used.getOrDefault(name, 0); used.containsKey(own); count++) {
            own = name + "_" + (count + 1);
            used.put(name, count + 1);
        }
        used.putIfAbsent(own, 0);
        return own;
    }

    /** A name with other characters replaced. */
    static String safe(String name) {
        String allowed = name.replaceAll("[^A-Za-z0-9_.\\-/]", "_");
        return allowed.matches("[A-Za-z0-9.].*") ? allowed : "layer" + allowed;
    }

    /** The first output of an op without attributes. */
    Output<?> op(String op, Object... inputs) {
        return op(op, Map.of(), inputs);
    }

    /** The first output of an op. */
    Output<?> op(String op, Map<String, ?> attributes, Object... inputs) {
        return operation(op, attributes, inputs).output(0);
    }

    /**
     * An op.
     *
     * @param inputs outputs of other ops, or lists of them
     * @throws ConversionException if TensorFlow refuses it
     */
    Operation operation(String op, Map<String, ?> attributes, Object... inputs) {
        OperationBuilder builder = builder(op, scope + op);
        for (Object input : inputs) {
            if (input instanceof List<?> list) {
                builder.addInputList(list.stream().map(each -> (Output<?>) each).toArray(Output<?>[]::new));
            } else {
                builder.addInput((Output<?>) input);
            }
        }
        attributes.forEach((name, value) -> set(builder, name, value));
        try {
            return builder.build();
        } catch (RuntimeException refused) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException(
                    "its inputs do not fit ("
                            + String.valueOf(refused.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("") + ")",
                    refused);
        }
    }

    private static void set(OperationBuilder builder, String name, Object value) {
        if (value instanceof Boolean flag) {
            builder.setAttr(name, flag);
        } else if (value instanceof Integer number) {
            builder.setAttr(name, number.longValue());
        } else if (value instanceof Long number) {
            builder.setAttr(name, number);
        } else if (value instanceof Float number) {
            builder.setAttr(name, number);
        } else if (value instanceof String text) {
            builder.setAttr(name, text);
        } else if (value instanceof long[] numbers) {
            builder.setAttr(name, numbers);
        } else if (value instanceof float[] numbers) {
            builder.setAttr(name, numbers);
        } else if (value instanceof Shape shape) {
            builder.setAttr(name, shape);
        } else if (value instanceof DataType type) {
            builder.setAttr(name, type);
        } else if (value instanceof AttrValue any) {
            builder.setAttr(name, any);
        } else {
            throw new IllegalArgumentException(name + " = " + value);
        }
    }

    /** A placeholder. */
    Output<?> placeholder(String name, DataType type, Shape shape) {
        return builder("Placeholder", safe(name))
                .setAttr("dtype", type)
                .setAttr("shape", shape)
                .build()
                .output(0);
    }

    private Output<?> constant(Tensor value) {
        try (value) {
            return builder("Const", scope + "Const")
                    .setAttr("dtype", value.dataType())
                    .setAttr("value", value)
                    .build()
                    .output(0);
        }
    }

    /** A vector of int32. */
    Output<?> ints(long... values) {
        return constant(
                TInt32.vectorOf(Arrays.stream(values).mapToInt(Math::toIntExact).toArray()));
    }

    /** A vector of int32. */
    Output<?> ints(List<Long> values) {
        return ints(values.stream().mapToLong(Long::longValue).toArray());
    }

    /** A matrix of int32. */
    Output<?> pairs(int[][] rows) {
        return constant(TInt32.tensorOf(StdArrays.ndCopyOf(rows)));
    }

    /** A scalar of int32. */
    Output<?> integer(long value) {
        return constant(TInt32.scalarOf(Math.toIntExact(value)));
    }

    /** A vector of texts. */
    Output<?> texts(List<String> values) {
        return constant(TString.tensorOf(NdArrays.vectorOfObjects(values.toArray(String[]::new))));
    }

    /** A scalar text. */
    Output<?> text(String value) {
        return constant(TString.scalarOf(value));
    }

    /** A scalar truth value. */
    Output<?> truth(boolean value) {
        return constant(TBool.scalarOf(value));
    }

    /** A scalar of a type. */
    Output<?> number(double value, DataType type) {
        return switch (type) {
            case DT_FLOAT -> constant(TFloat32.scalarOf((float) value));
            case DT_INT32 -> integer((long) value);
            case DT_DOUBLE -> constant(TFloat64.scalarOf(value));
            default -> cast(constant(TFloat64.scalarOf(value)), type);
        };
    }

    /** A vector of int64. */
    Output<?> longs(long... values) {
        return constant(TInt64.vectorOf(values));
    }

    /** A vector of float64. */
    Output<?> doubles(double... values) {
        return constant(TFloat64.vectorOf(values));
    }

    /** A vector of float32. */
    Output<?> floats(float... values) {
        return constant(TFloat32.vectorOf(values));
    }

    /** A scalar of the type of a tensor. */
    Output<?> like(Output<?> x, double value) {
        return number(value, x.dataType());
    }

    /** The elements as another type. */
    Output<?> cast(Output<?> x, DataType type) {
        return x.dataType() == type ? x : op("Cast", Map.of("DstT", type), x);
    }

    Output<?> add(Output<?> a, Output<?> b) {
        return op("AddV2", a, b);
    }

    Output<?> sub(Output<?> a, Output<?> b) {
        return op("Sub", a, b);
    }

    Output<?> mul(Output<?> a, Output<?> b) {
        return op("Mul", a, b);
    }

    Output<?> div(Output<?> a, Output<?> b) {
        return op("RealDiv", a, b);
    }

    /** The rank, which must be known. */
    static int rank(Output<?> x) {
        if (x.shape().isUnknown()) {
            throw new ConversionException("has an input of unknown rank; expected a known one");
        }
        return x.shape().numDimensions();
    }

    /** The size of an axis, -1 if it is open. */
    static long size(Output<?> x, int axis) {
        return x.shape().get(axis(axis, rank(x)));
    }

    /** The size of an axis, which must be known. */
    static long known(Output<?> x, int axis) {
        long size = size(x, axis);
        if (size < 0) {
            throw new ConversionException(
                    "has an input of the shape " + x.shape() + "; expected a known size of axis " + axis);
        }
        return size;
    }

    /** An axis counted from the first. */
    static int axis(long axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new ConversionException("has the axis " + axis + "; expected one of a tensor of rank " + rank);
        }
        return (int) (axis < 0 ? axis + rank : axis);
    }

    /** The size of an axis as a scalar: a constant where it is known. */
    Output<?> sizeOf(Output<?> x, int axis) {
        long size = size(x, axis);
        int at = axis(axis, rank(x));
        return size >= 0
                ? integer(size)
                : op("StridedSlice", Map.of("shrink_axis_mask", 1), op("Shape", x), ints(at), ints(at + 1L), ints(1));
    }

    /** A vector of sizes, each a {@link Long} or a scalar tensor. */
    Output<?> sizes(List<?> sizes) {
        if (sizes.stream().allMatch(Long.class::isInstance)) {
            return ints(sizes.stream().mapToLong(Long.class::cast).toArray());
        }
        return op(
                "Pack",
                sizes.stream()
                        .map(size -> size instanceof Long known ? integer(known) : (Output<?>) size)
                        .toList());
    }

    /** The size of an axis: a {@link Long} if it is known, else a scalar tensor. */
    Object dimension(Output<?> x, int axis) {
        long size = size(x, axis);
        return size >= 0 ? Long.valueOf(size) : sizeOf(x, axis);
    }

    /** The sizes of axes, as {@link #dimension} gives them. */
    List<Object> dimensions(Output<?> x, int from, int to) {
        return IntStream.range(from, to).mapToObj(axis -> dimension(x, axis)).toList();
    }

    /** A tensor in another shape; one size that is not known is what is left. */
    Output<?> reshape(Output<?> x, List<?> sizes) {
        long open = sizes.stream().filter(size -> !(size instanceof Long)).count();
        boolean isFree = open == 1 && !sizes.contains(-1L);
        return op(
                "Reshape",
                x,
                sizes(sizes.stream()
                        .map(size -> isFree && !(size instanceof Long) ? Long.valueOf(-1) : size)
                        .toList()));
    }

    Output<?> reshape(Output<?> x, long... sizes) {
        return op("Reshape", x, ints(sizes));
    }

    Output<?> expand(Output<?> x, int axis) {
        return op("ExpandDims", x, integer(axis));
    }

    Output<?> squeeze(Output<?> x, int axis) {
        return op("Squeeze", Map.of("squeeze_dims", new long[] {axis}), x);
    }

    Output<?> transpose(Output<?> x, long... permutation) {
        return op("Transpose", x, ints(permutation));
    }

    Output<?> concat(List<Output<?>> parts, int axis) {
        return parts.size() == 1 ? parts.get(0) : op("ConcatV2", parts, integer(axis));
    }

    /** A reduction over axes. */
    Output<?> reduce(String op, Output<?> x, boolean keepDims, long... axes) {
        return op(op, Map.of("keep_dims", keepDims), x, ints(axes));
    }

    /** Equal parts along an axis. */
    List<Output<?>> split(Output<?> x, int axis, int parts) {
        if (parts > MOST_PARTS) {
            throw new ConversionException("has " + parts + " parts; expected at most " + MOST_PARTS);
        }
        Operation split = operation("Split", Map.of("num_split", parts), integer(axis), x);
        List<Output<?>> outputs = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            outputs.add(split.output(i));
        }
        return outputs;
    }

    /** One element along an axis, without it. */
    Output<?> at(Output<?> x, int axis, long index) {
        return op("GatherV2", x, integer(index), integer(axis));
    }

    /** A range of an axis. */
    Output<?> slice(Output<?> x, int axis, long from, long count) {
        long[] begin = new long[rank(x)];
        long[] size = new long[rank(x)];
        Arrays.fill(size, -1);
        begin[axis] = from;
        size[axis] = count;
        return op("Slice", x, ints(begin), ints(size));
    }

    /** A vector along an axis of tensors of a rank, to be broadcast. */
    Output<?> along(Output<?> vector, int axis, int rank) {
        if (axis == rank - 1) {
            return vector;
        }
        long[] shape = new long[rank];
        Arrays.fill(shape, 1);
        shape[axis] = -1;
        return reshape(vector, shape);
    }

    /** The larger of two tensors. */
    Output<?> max(Output<?> a, Output<?> b) {
        return op("Maximum", a, b);
    }

    /** The smaller of two tensors. */
    Output<?> min(Output<?> a, Output<?> b) {
        return op("Minimum", a, b);
    }

    Output<?> where(Output<?> condition, Output<?> yes, Output<?> no) {
        return op("SelectV2", condition, yes, no);
    }
}
