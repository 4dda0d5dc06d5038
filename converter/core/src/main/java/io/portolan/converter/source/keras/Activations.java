package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.tensorflow.Output;

/** Activations by their names. Layers that take options are in {@link ActivationLayers}. */
final class Activations {
    /** Writes an activation with its default options. */
    private interface Writer extends BiFunction<GraphOps, Output<?>, Output<?>> {}

    private static final Map<String, Writer> WRITERS = new HashMap<>();

    static {
        plain("sigmoid", "Sigmoid");
        plain("tanh", "Tanh");
        plain("softplus", "Softplus");
        plain("softsign", "Softsign");
        plain("exponential", "Exp");
        plain("relu6", "Relu6");
        plain("relu", "Relu");
        plain("elu", "Elu");
        plain("selu", "Selu");
        WRITERS.put("linear", (tf, x) -> x);
        WRITERS.put("leaky_relu", (tf, x) -> leaky(tf, x, 0.2));
        WRITERS.put("softmax", (tf, x) -> softmax(tf, x, "Softmax", -1));
        WRITERS.put("log_softmax", (tf, x) -> softmax(tf, x, "LogSoftmax", -1));
        WRITERS.put("gelu", (tf, x) -> gelu(tf, x, false));
        WRITERS.put("silu", (tf, x) -> tf.mul(x, tf.op("Sigmoid", x)));
        WRITERS.put("mish", (tf, x) -> tf.mul(x, tf.op("Tanh", tf.op("Softplus", x))));
        WRITERS.put("hard_sigmoid", Activations::hardSigmoid);
        WRITERS.put("hard_silu", (tf, x) -> tf.mul(x, hardSigmoid(tf, x)));
        WRITERS.put("hard_tanh", (tf, x) -> clip(tf, x, -1, 1));
        WRITERS.put("celu", (tf, x) -> tf.add(tf.op("Relu", x), tf.op("Expm1", tf.min(x, tf.like(x, 0)))));
        WRITERS.put("log_sigmoid", (tf, x) -> tf.op("Neg", tf.op("Softplus", tf.op("Neg", x))));
        WRITERS.put("tanh_shrink", (tf, x) -> tf.sub(x, tf.op("Tanh", x)));
        WRITERS.put(
                "hard_shrink",
                (tf, x) -> tf.where(tf.op("Greater", tf.op("Abs", x), tf.like(x, 0.5)), x, tf.like(x, 0)));
        WRITERS.put("soft_shrink", (tf, x) -> tf.sub(x, clip(tf, x, -0.5, 0.5)));
        WRITERS.put(
                "squareplus",
                (tf, x) -> tf.div(tf.add(x, tf.op("Sqrt", tf.add(tf.op("Square", x), tf.like(x, 4)))), tf.like(x, 2)));
        WRITERS.put("sparse_sigmoid", (tf, x) -> clip(tf, tf.mul(tf.add(x, tf.like(x, 1)), tf.like(x, 0.5)), 0, 1));
        WRITERS.put("sparse_plus", Activations::sparsePlus);
        WRITERS.put("glu", Activations::glu);
        WRITERS.put("sparsemax", Activations::sparsemax);
        WRITERS.put("swish", WRITERS.get("silu"));
        WRITERS.put("hard_swish", WRITERS.get("hard_silu"));
    }

    /** Activations by name of Keras before 3 that compute otherwise. */
    private static final Map<String, Writer> EARLIER =
            Map.of("hard_sigmoid", (tf, x) -> clip(tf, tf.add(tf.mul(x, tf.like(x, 0.2)), tf.like(x, 0.5)), 0, 1));

    private Activations() {}

    private static void plain(String name, String op) {
        WRITERS.put(name, (tf, x) -> tf.op(op, x));
    }

    /** The writer of an activation by name; empty if there is none. */
    static Optional<BiFunction<GraphOps, Output<?>, Output<?>>> named(String name) {
        return Optional.ofNullable(WRITERS.get(name));
    }

    /**
     * An activation, applied.
     *
     * @param json what an option says: a name, a function by its name, or a layer
     */
    static Output<?> apply(LayerCall call, Object json, Output<?> x) {
        if (json == null) {
            return x;
        }
        if (json instanceof Map<?, ?> object && !"function".equals(object.get("class_name"))) {
            SavedLayer layer = SavedLayer.of(json);
            LayerCall inner = new LayerCall(
                    call.context(),
                    layer.kind(),
                    new LayerConfig(layer.config()),
                    call.weights().child("activation"),
                    List.of(KerasTensor.of(x)),
                    Map.of());
            if (LayerTable.write(layer.name(), inner) instanceof KerasTensor result) {
                return result.tensor();
            }
            throw new ConversionException("has an activation with several results; expected one");
        }
        String name = String.valueOf(json instanceof Map<?, ?> object ? object.get("config") : json);
        Writer writer = call.isBeforeKeras3() && EARLIER.containsKey(name) ? EARLIER.get(name) : WRITERS.get(name);
        if (writer == null) {
            throw new ConversionException("has the activation " + GraphOps.safe(name)
                    + ", which is none of Keras' own; " + LayerTable.advice());
        }
        return writer.apply(call.tf(), x);
    }

    static Output<?> leaky(GraphOps tf, Output<?> x, double slope) {
        return tf.op("LeakyRelu", Map.of("alpha", (float) slope), x);
    }

    static Output<?> clip(GraphOps tf, Output<?> x, double low, double high) {
        return tf.max(tf.min(x, tf.like(x, high)), tf.like(x, low));
    }

    private static Output<?> hardSigmoid(GraphOps tf, Output<?> x) {
        return tf.div(tf.op("Relu6", tf.add(x, tf.like(x, 3))), tf.like(x, 6));
    }

    /** {@code x·Φ(x)}, or its approximation by tanh. */
    static Output<?> gelu(GraphOps tf, Output<?> x, boolean approximate) {
        Output<?> half = tf.mul(x, tf.like(x, 0.5));
        if (approximate) {
            Output<?> cube = tf.mul(tf.mul(tf.mul(x, x), x), tf.like(x, 0.044715));
            Output<?> inner = tf.mul(tf.add(x, cube), tf.like(x, Math.sqrt(2 / Math.PI)));
            return tf.mul(half, tf.add(tf.op("Tanh", inner), tf.like(x, 1)));
        }
        return tf.mul(half, tf.add(tf.op("Erf", tf.div(x, tf.like(x, Math.sqrt(2)))), tf.like(x, 1)));
    }

    /** A softmax along any axis, by TensorFlow's op for the last one. */
    static Output<?> softmax(GraphOps tf, Output<?> x, String op, long axis) {
        int rank = GraphOps.rank(x);
        int at = GraphOps.axis(axis, rank);
        if (at == rank - 1) {
            return tf.op(op, x);
        }
        long[] exchanged = new long[rank];
        for (int i = 0; i < rank; i++) {
            exchanged[i] = i == at ? rank - 1 : i == rank - 1 ? at : i;
        }
        return tf.transpose(tf.op(op, tf.transpose(x, exchanged)), exchanged);
    }

    private static Output<?> sparsePlus(GraphOps tf, Output<?> x) {
        Output<?> square = tf.mul(tf.op("Square", tf.add(x, tf.like(x, 1))), tf.like(x, 0.25));
        Output<?> right = tf.where(tf.op("Less", x, tf.like(x, 1)), square, x);
        return tf.where(tf.op("LessEqual", x, tf.like(x, -1)), tf.like(x, 0), right);
    }

    private static Output<?> glu(GraphOps tf, Output<?> x) {
        List<Output<?>> parts = tf.split(x, GraphOps.rank(x) - 1, 2);
        return tf.mul(parts.get(0), tf.op("Sigmoid", parts.get(1)));
    }

    /** The projection of the last axis onto the simplex, from the sorted elements. */
    private static Output<?> sparsemax(GraphOps tf, Output<?> x) {
        int axis = GraphOps.rank(x) - 1;
        long size = GraphOps.known(x, axis);
        Output<?> sorted = tf.op("TopKV2", x, tf.integer(size));
        Output<?> sums = tf.op("Cumsum", sorted, tf.integer(axis));
        if (size > GraphOps.MOST_PARTS) {
            throw new ConversionException("has an axis of " + size + "; expected at most " + GraphOps.MOST_PARTS);
        }
        float[] counts = new float[(int) size];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = i + 1;
        }
        Output<?> count = tf.cast(tf.floats(counts), x.dataType());
        Output<?> rest = tf.div(tf.sub(sums, tf.like(x, 1)), count);
        Output<?> isIn = tf.op("Greater", tf.sub(sorted, rest), tf.like(x, 0));
        Output<?> chosen = tf.reduce("Sum", tf.cast(isIn, x.dataType()), true, axis);
        Output<?> total = tf.reduce("Sum", tf.where(isIn, sums, tf.like(x, 0)), true, axis);
        return tf.op("Relu", tf.sub(x, tf.div(tf.sub(total, tf.like(x, 1)), chosen)));
    }

    /** The general rectifier of Keras. */
    static Output<?> relu(GraphOps tf, Output<?> x, double slope, Optional<Double> most, double threshold) {
        if (slope != 0 && most.isEmpty() && threshold == 0) {
            return leaky(tf, x, slope);
        }
        boolean isSix = threshold == 0 && most.filter(max -> max == 6).isPresent();
        Output<?> positive = threshold != 0
                ? tf.mul(x, tf.cast(tf.op("Greater", x, tf.like(x, threshold)), x.dataType()))
                : tf.op(isSix ? "Relu6" : "Relu", x);
        if (most.isPresent() && !isSix) {
            positive = clip(tf, positive, 0, most.get());
        }
        if (slope == 0) {
            return positive;
        }
        Output<?> negated = tf.op("Neg", x);
        Output<?> negative = tf.op("Relu", threshold == 0 ? negated : tf.add(negated, tf.like(x, threshold)));
        return tf.sub(positive, tf.mul(negative, tf.like(x, slope)));
    }
}
