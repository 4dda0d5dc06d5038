package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Attention of sequences (N,T,F) to sequences (N,S,F). */
final class AttentionLayers {
    static final List<Row> ROWS = List.of(
            new Row("MultiHeadAttention", false, AttentionLayers::multiHead),
            new Row("GroupQueryAttention", false, AttentionLayers::grouped),
            // The name of the same class in .h5 files.
            new Row("GroupedQueryAttention", false, AttentionLayers::grouped),
            new Row("Attention", false, AttentionLayers::plain),
            new Row("AdditiveAttention", false, AttentionLayers::plain));

    /** What is subtracted from scores that do not count, as Keras has it. */
    private static final double FAR = 1e9;

    private static final double FAR_HALF = 65504;

    /** The part of the least float that stands for minus infinity in the attention of Keras' backends. */
    private static final double LEAST = -0.7;

    private AttentionLayers() {}

    /**
     * The heads of a layer.
     *
     * @param prefix how the names of its projections begin
     * @param queries how many read
     * @param keys how many are read
     * @param size the size of each in queries and keys
     * @param valueSize the size of each in values
     */
    private record Heads(String prefix, long queries, long keys, long size, long valueSize, boolean isBiased) {}

    private static Object multiHead(LayerCall call) {
        LayerConfig config = call.config();
        long heads = config.count("num_heads");
        long size = config.count("key_dim");
        long valueSize = config.integer("value_dim", size);
        if (config.has("attention_axes") && !config.integers("attention_axes").equals(List.of(1L))) {
            throw config.wrong("attention_axes", "the axis of steps, 1");
        }
        config.ignore("attention_axes", "output_shape", "query_shape", "key_shape", "value_shape");
        Output<?> query = query(call);
        long features = config.has("output_shape") ? outputSize(config) : GraphOps.known(query, -1);
        Heads shape = new Heads("", heads, heads, size, valueSize, config.flag("use_bias", true));
        return attention(call, shape, features);
    }

    private static long outputSize(LayerConfig config) {
        List<Long> sizes = config.integers("output_shape");
        if (sizes.size() != 1) {
            throw config.wrong("output_shape", "one size");
        }
        return sizes.get(0);
    }

    private static Object grouped(LayerCall call) {
        LayerConfig config = call.config();
        long queries = config.count("num_query_heads");
        long keys = config.count("num_key_value_heads");
        long size = config.count("head_dim");
        if (queries % keys != 0) {
            throw config.wrong("num_query_heads", "a multiple of " + keys);
        }
        return attention(
                call,
                new Heads("_", queries, keys, size, size, config.flag("use_bias", true)),
                GraphOps.known(query(call), -1));
    }

    private static Output<?> query(LayerCall call) {
        return call.tensor(0, "query")
                .orElseThrow(() -> new ConversionException("has no query"))
                .tensor();
    }

    private static Object attention(LayerCall call, Heads heads, long features) {
        LayerConfig config = call.config();
        GraphOps tf = call.tf();
        config.require("use_gate", false);
        config.require("flash_attention", false);
        double dropout = config.real("dropout", 0);
        KerasTensor query = call.tensor(0, "query").orElseThrow();
        KerasTensor value = call.tensor(1, "value").orElseThrow(() -> new ConversionException("has no value"));
        Optional<KerasTensor> given = call.tensor(2, "key");
        KerasTensor key = given.orElse(value);
        boolean returnsScores = flag(call, "return_attention_scores");
        Optional<Output<?>> mask = mask(call, query, value, given);
        for (KerasTensor input : List.of(query, value, key)) {
            if (GraphOps.rank(input.tensor()) != 3) {
                throw new ConversionException("has an input of rank " + GraphOps.rank(input.tensor()) + "; expected 3");
            }
        }
        Output<?> q = projected(call, "query_dense", query, heads, heads.queries(), heads.size());
        Output<?> k = projected(call, "key_dense", key, heads, heads.keys(), heads.size());
        Output<?> v = projected(call, "value_dense", value, heads, heads.keys(), heads.valueSize());
        if (heads.queries() != heads.keys()) {
            k = repeated(tf, k, heads.queries() / heads.keys());
            v = repeated(tf, v, heads.queries() / heads.keys());
        }
        Output<?> scaled = tf.mul(q, tf.like(q, 1 / Math.sqrt(heads.size())));
        Output<?> scores = tf.op("BatchMatMulV2", Map.of("adj_y", true), scaled, k);
        // Keras has two ways: one leaves rows without any step at equal weights, the other at zero.
        boolean isExplicit = dropout > 0 || returnsScores;
        Output<?> weights;
        if (mask.isEmpty()) {
            weights = tf.op("Softmax", scores);
        } else {
            Output<?> counts = GraphOps.rank(mask.get()) == 3 ? tf.expand(mask.get(), 1) : mask.get();
            double least = isExplicit
                    ? ActivationLayers.maskedNumber(scores.dataType())
                    : LEAST * (scores.dataType() == DataType.DT_HALF ? FAR_HALF : Float.MAX_VALUE);
            weights = tf.op("Softmax", tf.where(counts, scores, tf.like(scores, least)));
            weights = isExplicit ? tf.where(counts, weights, tf.like(weights, 0)) : weights;
        }
        Output<?> context = tf.transpose(tf.op("BatchMatMulV2", weights, v), 0, 2, 1, 3);
        long joined = heads.queries() * heads.valueSize();
        List<Object> sizes = new ArrayList<>(tf.dimensions(query.tensor(), 0, 2));
        sizes.add(joined);
        WeightSlots slots = call.weights().child(heads.prefix() + "output_dense");
        Output<?> kernel = tf.reshape(
                weight(call, slots, "kernel", heads.queries(), heads.valueSize(), features), joined, features);
        Output<?> y = CoreLayers.product(tf, tf.reshape(context, sizes), kernel, 3);
        if (heads.isBiased()) {
            y = tf.add(y, weight(call, slots, "bias", features));
        }
        KerasTensor output = new KerasTensor(y, query.mask());
        return returnsScores ? new ArrayList<Object>(List.of(output, KerasTensor.of(weights))) : output;
    }

    private static boolean flag(LayerCall call, String name) {
        return call.keyword(name).map(Boolean.TRUE::equals).orElse(false);
    }

    private static Output<?> weight(LayerCall call, WeightSlots slots, String name, long... shape) {
        return call.tf()
                .cast(
                        slots.take(name, call.config().weightType(), shape),
                        call.config().computeType());
    }

    /** A projection to heads, (N,H,T,D). */
    private static Output<?> projected(
            LayerCall call, String name, KerasTensor input, Heads layer, long heads, long size) {
        GraphOps tf = call.tf();
        Output<?> x = call.computed(input.tensor());
        long features = GraphOps.known(x, -1);
        WeightSlots slots = call.weights().child(layer.prefix() + name);
        Output<?> kernel = tf.reshape(weight(call, slots, "kernel", features, heads, size), features, heads * size);
        Output<?> y = CoreLayers.product(tf, x, kernel, 3);
        if (layer.isBiased()) {
            y = tf.add(y, tf.reshape(weight(call, slots, "bias", heads, size), heads * size));
        }
        List<Object> sizes = new ArrayList<>(tf.dimensions(x, 0, 2));
        sizes.addAll(List.of(heads, size));
        return tf.transpose(tf.reshape(y, sizes), 0, 2, 1, 3);
    }

    /** Each head as often as queries share it. */
    private static Output<?> repeated(GraphOps tf, Output<?> x, long times) {
        List<Object> sizes = new ArrayList<>(tf.dimensions(x, 0, 4));
        sizes.set(1, (Long) sizes.get(1) * times);
        return tf.reshape(tf.op("Tile", tf.expand(x, 2), tf.ints(1, 1, times, 1, 1)), sizes);
    }

    /** Which steps (N,T,S) each step attends to. */
    private static Optional<Output<?>> mask(
            LayerCall call, KerasTensor query, KerasTensor value, Optional<KerasTensor> key) {
        GraphOps tf = call.tf();
        List<Output<?>> masks = new ArrayList<>();
        // Keras takes the query's mask from the query alone.
        call.keyword("query_mask");
        query.mask().ifPresent(mask -> masks.add(tf.expand(mask, 2)));
        step(call, "value_mask").or(value::mask).ifPresent(mask -> masks.add(tf.expand(mask, 1)));
        step(call, "key_mask")
                .or(() -> key.flatMap(KerasTensor::mask))
                .ifPresent(mask -> masks.add(tf.expand(mask, 1)));
        if (flag(call, "use_causal_mask")) {
            masks.add(band(tf, query.tensor(), value.tensor(), true, 0));
        }
        if (call.config().has("sliding_window")) {
            masks.add(band(
                    tf, query.tensor(), value.tensor(), false, call.config().count("sliding_window")));
        }
        call.config().ignore("sliding_window");
        step(call, "attention_mask").ifPresent(masks::add);
        return masks.stream().reduce((a, b) -> tf.op("LogicalAnd", rank(tf, a, b), rank(tf, b, a)));
    }

    /** A mask with an axis for heads where the other has one. */
    private static Output<?> rank(GraphOps tf, Output<?> mask, Output<?> other) {
        return GraphOps.rank(mask) < GraphOps.rank(other) ? tf.expand(mask, 1) : mask;
    }

    private static Optional<Output<?>> step(LayerCall call, String name) {
        return call.keywordTensor(name).map(mask -> call.tf().cast(mask.tensor(), DataType.DT_BOOL));
    }

    /** Steps that are not later, or nearer than a distance: (1,T,S). */
    private static Output<?> band(GraphOps tf, Output<?> query, Output<?> value, boolean isCausal, long distance) {
        Output<?> rows = tf.expand(range(tf, query), 1);
        Output<?> columns = tf.expand(range(tf, value), 0);
        Output<?> band = isCausal
                ? tf.op("GreaterEqual", rows, columns)
                : tf.op("Less", tf.op("Abs", tf.sub(rows, columns)), tf.integer(distance));
        return tf.expand(band, 0);
    }

    private static Output<?> range(GraphOps tf, Output<?> x) {
        return tf.op("Range", tf.integer(0), tf.sizeOf(x, 1), tf.integer(1));
    }

    /** Attention without heads, by products or by sums of what tanh gives. */
    private static Object plain(LayerCall call) {
        GraphOps tf = call.tf();
        LayerConfig config = call.config();
        List<KerasTensor> inputs = call.inputs();
        if (inputs.size() < 2 || inputs.size() > 3) {
            throw new ConversionException("has " + inputs.size() + " inputs; expected query, value and possibly key");
        }
        config.ignore("dropout");
        config.require("causal", false);
        Output<?> query = call.computed(inputs.get(0).tensor());
        Output<?> value = call.computed(inputs.get(1).tensor());
        Output<?> key = inputs.size() == 3 ? call.computed(inputs.get(2).tensor()) : value;
        boolean isAdditive = call.kind().equals("AdditiveAttention");
        boolean isSum = isAdditive
                || config.among("score_mode", "dot", Set.of("dot", "concat")).equals("concat");
        boolean scales = config.flag("use_scale", isAdditive);
        Output<?> scale =
                !scales ? null : isAdditive ? call.weight("scale", GraphOps.known(query, -1)) : call.weight("scale");
        Output<?> scores;
        if (isSum) {
            Output<?> sum = tf.add(tf.expand(query, 2), tf.expand(key, 1));
            Output<?> inner = scale == null || isAdditive ? sum : tf.mul(scale, sum);
            Output<?> squashed = tf.op("Tanh", inner);
            Output<?> weighted = isAdditive && scale != null ? tf.mul(scale, squashed) : squashed;
            scores = tf.reduce("Sum", weighted, false, 3);
            scores = isAdditive ? scores : tf.mul(call.weight("concat_score_weight"), scores);
        } else {
            scores = tf.op("BatchMatMulV2", Map.of("adj_y", true), query, key);
            scores = scale == null ? scores : tf.mul(scores, scale);
        }
        List<Optional<Output<?>>> masks = masks(call, inputs);
        Optional<Output<?>> counts = masks.get(1).map(mask -> tf.expand(mask, 1));
        if (flag(call, "use_causal_mask")) {
            Output<?> causal = band(tf, query, value, true, 0);
            counts = Optional.of(counts.isEmpty() ? causal : tf.op("LogicalAnd", counts.get(), causal));
        }
        if (counts.isPresent()) {
            double far = scores.dataType() == DataType.DT_HALF ? FAR_HALF : FAR;
            scores = tf.where(counts.get(), scores, tf.sub(scores, tf.like(scores, far)));
        }
        Output<?> weights = tf.op("Softmax", scores);
        Output<?> y = tf.op("BatchMatMulV2", weights, value);
        if (masks.get(0).isPresent()) {
            y = tf.mul(y, tf.cast(tf.expand(masks.get(0).get(), 2), y.dataType()));
        }
        KerasTensor output = new KerasTensor(y, masks.get(0));
        return flag(call, "return_attention_scores")
                ? new ArrayList<Object>(List.of(output, KerasTensor.of(weights)))
                : output;
    }

    /** The masks of query and value: those that are given, or those that they carry. */
    private static List<Optional<Output<?>>> masks(LayerCall call, List<KerasTensor> inputs) {
        Object given = call.keyword("mask").orElse(null);
        List<Optional<Output<?>>> masks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Object own = given instanceof List<?> list && i < list.size() ? list.get(i) : null;
            masks.add(
                    own instanceof KerasTensor mask
                            ? Optional.of(call.tf().cast(mask.tensor(), DataType.DT_BOOL))
                            : inputs.get(i).mask());
        }
        return masks;
    }
}
