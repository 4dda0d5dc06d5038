package io.portolan.converter.tensorflow;

import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;

/** Builds any TensorFlow op by its name, complex tensors included, which the typed API of TensorFlow Java has not. */
final class RawOps {
    private final Graph graph;
    private final Ops tf;
    private int count;

    RawOps(Graph graph) {
        this.graph = graph;
        this.tf = Ops.create(graph);
    }

    Output<?> placeholder(String name, DataType type, long... shape) {
        return graph.baseScope().opBuilder("Placeholder", name).setAttr("dtype", type)
                .setAttr("shape", Shape.of(shape)).build().output(0);
    }

    Output<?> ints(int... values) {
        return tf.constant(values).asOutput();
    }

    Output<?> scalar(int value) {
        return tf.constant(value).asOutput();
    }

    Output<?> floats(float... values) {
        return tf.constant(values).asOutput();
    }

    Output<?> scalar(float value) {
        return tf.constant(value).asOutput();
    }

    Output<?> scalar(boolean value) {
        return tf.constant(value).asOutput();
    }

    /** Floats in (-1, 1) that look random, in a shape. */
    Output<?> weights(long... shape) {
        int size = (int) Shape.of(shape).size();
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) Math.sin(12.9898 * (i + 1) + 78.233 * ++count);
        }
        return tf.reshape(tf.constant(values), tf.constant(shape)).asOutput();
    }

    /** The first output of an op without attributes to set. */
    Output<?> op(String type, Object... inputs) {
        return op(type, Map.of(), inputs);
    }

    /** The first output of an op. */
    Output<?> op(String type, Map<String, Object> attributes, Object... inputs) {
        return operation(type, attributes, inputs).output(0);
    }

    /** An op; each input is an output of another op or a list of them. */
    Operation operation(String type, Map<String, Object> attributes, Object... inputs) {
        OperationBuilder builder = graph.baseScope().opBuilder(type, type + "_case_" + count++);
        for (Object input : inputs) {
            if (input instanceof List<?> list) {
                builder.addInputList(list.stream().map(each -> (Output<?>) each).toArray(Output<?>[]::new));
            } else {
                builder.addInput((Output<?>) input);
            }
        }
        attributes.forEach((name, value) -> set(builder, name, value));
        return builder.build();
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
        } else if (value instanceof Shape shape) {
            builder.setAttr(name, shape);
        } else if (value instanceof DataType type) {
            builder.setAttr(name, type);
        } else {
            throw new IllegalArgumentException(name + " = " + value);
        }
    }
}
