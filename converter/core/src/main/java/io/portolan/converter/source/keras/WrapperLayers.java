package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Output;

/** Layers that call others: in both directions, for each step, with normalised weights. */
final class WrapperLayers {
    static final List<Row> ROWS = List.of(
            new Row("Bidirectional", false, WrapperLayers::bidirectional),
            new Row("TimeDistributed", true, WrapperLayers::timeDistributed),
            new Row("SpectralNormalization", false, WrapperLayers::spectral));

    /** Layers that would compute otherwise with the mask of a step. */
    private static final Set<String> MASKED = Set.of(
            "Bidirectional",
            "Softmax",
            "GlobalAveragePooling1D",
            "MultiHeadAttention",
            "GroupQueryAttention",
            "GroupedQueryAttention",
            "Attention",
            "AdditiveAttention",
            "Sequential",
            "Functional",
            "Model",
            "TimeDistributed");

    private WrapperLayers() {}

    private static Object inner(
            LayerCall call, SavedLayer layer, String attribute, List<Object> arguments, Map<String, Object> keywords) {
        WeightSlots slots = call.weights().child(attribute);
        if (Boolean.FALSE.equals(layer.config().get("trainable"))) {
            slots.freeze();
        }
        return LayerTable.write(
                layer.name(),
                new LayerCall(
                        call.context(), layer.kind(), new LayerConfig(layer.config()), slots, arguments, keywords));
    }

    private static Object bidirectional(LayerCall call) {
        GraphOps tf = call.tf();
        SavedLayer forward = SavedLayer.of(call.config().value("layer"));
        SavedLayer backward = call.config().has("backward_layer")
                ? SavedLayer.of(call.config().value("backward_layer"))
                : reversed(forward);
        call.config().ignore("backward_layer");
        if (!RecurrentLayers.isRecurrent(forward.kind()) || !RecurrentLayers.isRecurrent(backward.kind())) {
            throw new ConversionException(
                    "has the layer " + GraphOps.safe(forward.kind()) + "; expected a recurrent one");
        }
        List<KerasTensor> inputs = call.inputs();
        KerasTensor x = inputs.get(0).withMask(call.mask().or(inputs.get(0)::mask));
        List<Object> states = call.argument(1, "initial_state")
                .map(LayeredModel::flat)
                .orElse(new ArrayList<>(inputs.subList(1, inputs.size())));
        int half = states.size() / 2;
        List<Object> ahead =
                LayeredModel.flat(inner(call, forward, "forward_layer", List.of(x), states(states.subList(0, half))));
        List<Object> back = LayeredModel.flat(
                inner(call, backward, "backward_layer", List.of(x), states(states.subList(half, states.size()))));
        Output<?> first = ((KerasTensor) ahead.get(0)).tensor();
        Output<?> second = ((KerasTensor) back.get(0)).tensor();
        boolean isSequence = GraphOps.rank(first) == GraphOps.rank(x.tensor());
        Optional<Output<?>> mask = isSequence ? x.mask() : Optional.empty();
        if (isSequence) {
            second = tf.op("ReverseV2", second, tf.ints(1));
        }
        List<Object> results = new ArrayList<>();
        if (call.config().value("merge_mode") == null) {
            results.add(new KerasTensor(first, mask));
            results.add(new KerasTensor(second, mask));
        } else {
            results.add(new KerasTensor(merged(call, first, second), mask));
        }
        results.addAll(ahead.subList(1, ahead.size()));
        results.addAll(back.subList(1, back.size()));
        return results.size() == 1 ? results.get(0) : results;
    }

    private static Map<String, Object> states(List<Object> states) {
        return states.isEmpty() ? Map.of() : Map.of("initial_state", states);
    }

    private static Output<?> merged(LayerCall call, Output<?> first, Output<?> second) {
        GraphOps tf = call.tf();
        return switch (call.config().among("merge_mode", "concat", Set.of("concat", "sum", "mul", "ave"))) {
            case "sum" -> tf.add(first, second);
            case "mul" -> tf.mul(first, second);
            case "ave" -> tf.div(tf.add(first, second), tf.like(first, 2));
            default -> tf.concat(List.of(first, second), GraphOps.rank(first) - 1);
        };
    }

    /** The layer in the other direction, which files before Keras 2.3 do not describe. */
    private static SavedLayer reversed(SavedLayer forward) {
        Map<Object, Object> config = new HashMap<>(forward.config());
        config.put("go_backwards", !Boolean.TRUE.equals(config.get("go_backwards")));
        return new SavedLayer(forward.name(), forward.kind(), config, List.of());
    }

    /** A layer that computes each sample by itself computes all steps as samples. */
    private static Object timeDistributed(LayerCall call) {
        GraphOps tf = call.tf();
        SavedLayer layer = SavedLayer.of(call.config().value("layer"));
        KerasTensor input = call.input();
        boolean readsMask = MASKED.contains(layer.kind()) || RecurrentLayers.isRecurrent(layer.kind());
        if (readsMask && input.mask().isPresent()) {
            throw new ConversionException("has a mask and the layer " + GraphOps.safe(layer.kind())
                    + ", which reads masks; expected one of them");
        }
        Output<?> x = input.tensor();
        int rank = GraphOps.rank(x);
        if (rank < 3) {
            throw new ConversionException("has an input of rank " + rank + "; expected at least 3");
        }
        List<Object> samples = new ArrayList<>(List.of(-1L));
        samples.addAll(tf.dimensions(x, 2, rank));
        KerasTensor each = KerasTensor.of(tf.reshape(x, samples));
        if (!(inner(call, layer, "layer", List.of(each), Map.of()) instanceof KerasTensor result)) {
            throw new ConversionException("has a layer with several results; expected one");
        }
        Output<?> y = result.tensor();
        List<Object> sizes = new ArrayList<>(tf.dimensions(x, 0, 2));
        sizes.addAll(tf.dimensions(y, 1, GraphOps.rank(y)));
        return KerasTensor.of(tf.reshape(y, sizes));
    }

    /** When a model is used, the layer with the weights that training has left. */
    private static Object spectral(LayerCall call) {
        call.config().ignore("power_iterations");
        SavedLayer layer = SavedLayer.of(call.config().value("layer"));
        Object result = inner(call, layer, "layer", List.of(call.input()), Map.of());
        WeightSlots.Slot kernel = call.weights().child("layer").own().stream()
                .filter(slot -> slot.name().equals("kernel") || slot.name().equals("embeddings"))
                .findFirst()
                .orElseThrow(() -> new ConversionException("has a layer without a kernel"));
        long[] shape = kernel.placeholder().shape().asArray();
        call.weights().pass("vector_u", 1, shape[shape.length - 1]);
        return result;
    }
}
