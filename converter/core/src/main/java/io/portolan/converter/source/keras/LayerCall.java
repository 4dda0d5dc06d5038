package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** One call of a layer: its options, its arguments, its weights, and the graph that it is written to. */
final class LayerCall {
    private final LayerTable.Context context;
    private final String kind;
    private final LayerConfig config;
    private final WeightSlots weights;
    private final List<Object> arguments;
    private final Map<String, Object> keywords;
    private final Set<String> read = new HashSet<>();
    private int most;

    /**
     * A call.
     *
     * @param kind the class of the layer
     * @param arguments positional arguments: tensors, lists and dictionaries of them, and constants
     * @param keywords arguments by name
     */
    LayerCall(
            LayerTable.Context context,
            String kind,
            LayerConfig config,
            WeightSlots weights,
            List<Object> arguments,
            Map<String, Object> keywords) {
        this.context = context;
        this.kind = kind;
        this.config = config;
        this.weights = weights;
        this.arguments = arguments;
        this.keywords = keywords;
    }

    GraphOps tf() {
        return context.tf();
    }

    /** The same call, which writes to another graph: that of a function. */
    LayerCall in(GraphOps other) {
        return new LayerCall(context.in(other), kind, config, weights, arguments, keywords);
    }

    /** The class of the layer. */
    String kind() {
        return kind;
    }

    LayerConfig config() {
        return config;
    }

    WeightSlots weights() {
        return weights;
    }

    /** Whether a Keras before 3 has written the file, some of whose layers compute otherwise. */
    boolean isBeforeKeras3() {
        return context.isBeforeKeras3();
    }

    LayerTable.Context context() {
        return context;
    }

    /** All arguments by position. */
    List<Object> arguments() {
        most = arguments.size();
        return arguments;
    }

    /** All arguments by name. */
    Map<String, Object> keywords() {
        read.addAll(keywords.keySet());
        return keywords;
    }

    /** An argument by its place or its name; empty if it is absent. */
    Optional<Object> argument(int place, String name) {
        read.add(name);
        most = Math.max(most, place + 1);
        return Optional.ofNullable(place < arguments.size() ? arguments.get(place) : keywords.get(name));
    }

    /** An argument that only has a name; empty if it is absent. */
    Optional<Object> keyword(String name) {
        read.add(name);
        return Optional.ofNullable(keywords.get(name));
    }

    /** An argument that only has a name, and must be a tensor if it is there. */
    Optional<KerasTensor> keywordTensor(String name) {
        return keyword(name).map(value -> tensor(name, value));
    }

    /** An argument that must be a tensor if it is there. */
    Optional<KerasTensor> tensor(int place, String name) {
        return argument(place, name).map(value -> tensor(name, value));
    }

    private static KerasTensor tensor(String name, Object value) {
        if (value instanceof List<?> list && list.size() == 1) {
            return tensor(name, list.get(0));
        }
        if (value instanceof KerasTensor tensor) {
            return tensor;
        }
        throw new ConversionException("has an argument " + name + " that is no tensor; expected one tensor");
    }

    /** The first argument with its mask, if one is carried or given. */
    KerasTensor input() {
        KerasTensor input = tensor("inputs", first());
        return input.withMask(mask().or(input::mask));
    }

    private Object first() {
        return argument(0, "inputs").orElseThrow(() -> new ConversionException("is called without inputs"));
    }

    /** The mask that is given as an argument. */
    Optional<Output<?>> mask() {
        Object mask = keyword("mask").orElse(null);
        if (mask == null || mask instanceof List<?> list && list.stream().allMatch(each -> each == null)) {
            return Optional.empty();
        }
        return Optional.of(tf().cast(tensor("mask", mask).tensor(), DataType.DT_BOOL));
    }

    /** The first argument, in the type that the layer computes in if it is a float. */
    Output<?> x() {
        return computed(input().tensor());
    }

    /** The tensors of the first argument. */
    List<KerasTensor> inputs() {
        if (first() instanceof List<?> list) {
            List<KerasTensor> tensors = new ArrayList<>();
            list.forEach(each -> tensors.add(tensor("inputs", each)));
            return tensors;
        }
        return List.of(input());
    }

    /** A float in the type that the layer computes in. */
    Output<?> computed(Output<?> x) {
        return isFloat(x.dataType()) ? tf().cast(x, config.computeType()) : x;
    }

    static boolean isFloat(DataType type) {
        return switch (type) {
            case DT_HALF, DT_BFLOAT16, DT_FLOAT, DT_DOUBLE -> true;
            default -> false;
        };
    }

    /** A weight in the type that the layer computes in. */
    Output<?> weight(String name, long... shape) {
        return tf().cast(weights.take(name, config.weightType(), shape), config.computeType());
    }

    /** A weight that training does not change, in the type that the layer computes in. */
    Output<?> fixedWeight(String name, long... shape) {
        return tf().cast(weights.takeFixed(name, config.weightType(), shape), config.computeType());
    }

    /** The activation that an option names, applied. */
    Output<?> activated(String option, Output<?> x) {
        return Activations.apply(this, config.value(option), x);
    }

    /** Refuses options and arguments that nobody has read. */
    void finish() {
        config.finish();
        if (arguments.size() > Math.max(1, most)) {
            throw new ConversionException(
                    "is called with " + arguments.size() + " arguments; expected at most " + Math.max(1, most));
        }
        for (Map.Entry<String, Object> keyword : keywords.entrySet()) {
            boolean isKnown =
                    read.contains(keyword.getKey()) || keyword.getKey().equals("training");
            if (!isKnown && keyword.getValue() != null) {
                throw new ConversionException("is called with " + keyword.getKey() + "; expected no such argument");
            }
        }
    }
}
