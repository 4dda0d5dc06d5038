package io.portolan.converter.tensorflow;

import com.google.protobuf.ByteString;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Builds any TensorFlow op by its name, including complex tensors, which the typed API of TensorFlow Java lacks. */
final class RawOps {
    /** The attribute for the other of two types, of which one is real and one complex. */
    private static final Map<String, String> OTHER_TYPES = Map.of(
            "Complex",
            "Tout",
            "Real",
            "Tout",
            "Imag",
            "Tout",
            "ComplexAbs",
            "Tout",
            "Angle",
            "Tout",
            "RFFT",
            "Tcomplex",
            "RFFT2D",
            "Tcomplex",
            "RFFT3D",
            "Tcomplex",
            "RFFTND",
            "Tcomplex");

    private static final Set<String> TO_REAL_POINTS = Set.of("IRFFT", "IRFFT2D", "IRFFT3D", "IRFFTND");

    private final Graph graph;
    private final Ops tf;
    private final String prefix;
    private final DataType type;
    private int count;
    private int weights;

    /** Ops of floats with names of their own. */
    RawOps(Graph graph) {
        this(graph, "", DataType.DT_FLOAT);
    }

    /** Ops whose names begin with a prefix, and whose numbers have a type. */
    RawOps(Graph graph, String prefix, DataType type) {
        this.graph = graph;
        this.tf = Ops.create(graph);
        this.prefix = prefix;
        this.type = type;
    }

    /** The name by which a session feeds and fetches a tensor. */
    static String tensorName(Output<?> tensor) {
        return tensor.op().name() + ":" + tensor.index();
    }

    /** The element type that a case is run with. */
    DataType type() {
        return type;
    }

    Output<?> placeholder(String name, DataType elementType, long... shape) {
        return graph.baseScope()
                .opBuilder("Placeholder", name)
                .setAttr("dtype", elementType)
                .setAttr("shape", Shape.of(shape))
                .build()
                .output(0);
    }

    Output<?> ints(int... values) {
        return tf.constant(values).asOutput();
    }

    Output<?> ints(int[][] rows) {
        return tf.constant(rows).asOutput();
    }

    Output<?> scalar(int value) {
        return tf.constant(value).asOutput();
    }

    Output<?> longs(long... values) {
        return tf.constant(values).asOutput();
    }

    Output<?> floats(float... values) {
        return tf.constant(values).asOutput();
    }

    Output<?> longScalar(long value) {
        return tf.constant(value).asOutput();
    }

    Output<?> scalar(float value) {
        return tf.constant(value).asOutput();
    }

    Output<?> text(String value) {
        return tf.constant(value).asOutput();
    }

    Output<?> texts(String... values) {
        return tf.constant(NdArrays.vectorOfObjects(values)).asOutput();
    }

    Output<?> scalar(boolean value) {
        return tf.constant(value).asOutput();
    }

    /** A number of the type that the case is run with. */
    Output<?> number(double value) {
        return constant(new double[] {value});
    }

    /** A vector of numbers of the type that the case is run with. */
    Output<?> numbers(double... values) {
        return constant(values, values.length);
    }

    /** Numbers in (-1, 1) that look random, in a shape, the same whatever other ops there are; integers in (-5, 5). */
    Output<?> weights(long... shape) {
        double scale =
                type == DataType.DT_STRING || TensorFlowTypes.element(type).isInteger() ? 5 : 1;
        double[] values = new double[(int) Shape.of(shape).size() * (TensorFlowTypes.isComplex(type) ? 2 : 1)];
        int seed = ++weights;
        Arrays.setAll(values, i -> scale * Math.sin(12.9898 * (i + 1) + 78.233 * seed));
        return constant(values, shape);
    }

    /** Whether TensorFlow Java or plain Java lacks the type, so that tensors are cast from and to a carrier. */
    static boolean isSmall(DataType type) {
        return ElementTypes.SMALL.contains(type) || type == DataType.DT_STRING;
    }

    /** A type that holds all numbers of a small one. */
    static DataType carrier(DataType small) {
        return switch (small) {
            case DT_HALF, DT_BFLOAT16 -> DataType.DT_FLOAT;
            case DT_UINT32, DT_UINT64 -> DataType.DT_INT64;
            default -> DataType.DT_INT32;
        };
    }

    /** A lookup table, and the op that fills it. */
    Output<?> table(String op, String fill, DataType valueType, Output<?> keys, Output<?> values) {
        Output<?> table = op(
                op,
                Map.of(
                        "key_dtype",
                        keys.dataType(),
                        "value_dtype",
                        valueType,
                        "shared_name",
                        prefix + "table" + count));
        operation(fill, Map.of(), table, keys, values);
        return table;
    }

    Output<?> cast(Output<?> x, DataType to) {
        if (to == DataType.DT_STRING) {
            return op("AsString", x);
        }
        if (x.dataType() == DataType.DT_STRING) {
            return op("StringToNumber", Map.of("out_type", to), x);
        }
        return op("Cast", Map.of("DstT", to), x);
    }

    /** A constant; of complex type, from real parts alone or from pairs. */
    private Output<?> constant(double[] values, long... shape) {
        TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
        Arrays.stream(shape)
                .forEach(size -> dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(size)));
        TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(type).setTensorShape(dims);
        if (type == DataType.DT_STRING) {
            DoubleStream.of(values)
                    .mapToObj(value -> Long.toString((long) value))
                    .forEach(text -> tensor.addStringVal(ByteString.copyFromUtf8(text)));
        } else {
            tensor.setTensorContent(content(values, shape));
        }
        String name = prefix + "Const_case_" + count++;
        graph.importGraphDef(GraphDef.newBuilder()
                .addNode(NodeDef.newBuilder()
                        .setName(name)
                        .setOp("Const")
                        .putAttr("dtype", AttrValue.newBuilder().setType(type).build())
                        .putAttr(
                                "value",
                                AttrValue.newBuilder().setTensor(tensor).build()))
                .build());
        return graph.operation(name).output(0);
    }

    private ByteString content(double[] values, long... shape) {
        OnnxType element = TensorFlowTypes.element(type);
        boolean needsPairs = TensorFlowTypes.isComplex(type)
                && values.length == Shape.of(shape).size();
        double[] elements = needsPairs
                ? DoubleStream.of(values)
                        .flatMap(value -> DoubleStream.of(value, 0))
                        .toArray()
                : values;
        double[] signed = element == OnnxType.BOOL
                ? DoubleStream.of(elements).map(value -> value > 0 ? 1 : 0).toArray()
                : elements;
        return ByteString.copyFrom(
                TensorData.ofDoubles(element, signed, signed.length).bytes());
    }

    /** The first output of an op without attributes to set. */
    Output<?> op(String op, Object... inputs) {
        return op(op, Map.of(), inputs);
    }

    /** The first output of an op. */
    Output<?> op(String op, Map<String, Object> attributes, Object... inputs) {
        return operation(op, attributes, inputs).output(0);
    }

    /** An op; each input is an output of another op or a list of them. */
    Operation operation(String op, Map<String, Object> attributes, Object... inputs) {
        OperationBuilder builder = graph.baseScope().opBuilder(op, prefix + op + "_case_" + count++);
        for (Object input : inputs) {
            if (input instanceof List<?> list) {
                builder.addInputList(list.stream().map(each -> (Output<?>) each).toArray(Output<?>[]::new));
            } else {
                builder.addInput((Output<?>) input);
            }
        }
        if (OTHER_TYPES.containsKey(op)) {
            builder.setAttr(OTHER_TYPES.get(op), otherType(((Output<?>) inputs[0]).dataType()));
        }
        if (TO_REAL_POINTS.contains(op)) {
            builder.setAttr("Treal", otherType(((Output<?>) inputs[0]).dataType()));
        }
        attributes.forEach((name, value) -> set(builder, name, value));
        return builder.build();
    }

    private static DataType otherType(DataType type) {
        return switch (type) {
            case DT_FLOAT -> DataType.DT_COMPLEX64;
            case DT_DOUBLE -> DataType.DT_COMPLEX128;
            case DT_COMPLEX64 -> DataType.DT_FLOAT;
            case DT_COMPLEX128 -> DataType.DT_DOUBLE;
            default -> throw new IllegalArgumentException(type.name());
        };
    }

    private static void set(OperationBuilder builder, String name, Object value) {
        if (value instanceof Boolean flag) {
            builder.setAttr(name, flag);
        } else if (value instanceof Integer number) {
            builder.setAttr(name, number.longValue());
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
        } else if (value instanceof DataType[] types) {
            builder.setAttr(name, types);
        } else if (value instanceof String[] texts) {
            builder.setAttr(name, texts);
        } else if (value instanceof Shape[] shapes) {
            builder.setAttr(name, shapes);
        } else {
            throw new IllegalArgumentException(name + " = " + value);
        }
    }
}
