package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.proto.DataType;

/** The options of a layer. Each is read by whoever understands it; one that nobody has read is refused at the end. */
final class LayerConfig {
    /** Options that only concern training and the making of a model. */
    private static final Set<String> HARMLESS = Set.of(
            "name",
            "trainable",
            "dtype",
            "seed",
            "batch_input_shape",
            "batch_shape",
            "input_dtype",
            "build_config",
            "activity_regularizer",
            "kernel_initializer",
            "kernel_regularizer",
            "kernel_constraint",
            "bias_initializer",
            "bias_regularizer",
            "bias_constraint",
            "recurrent_initializer",
            "recurrent_regularizer",
            "recurrent_constraint",
            "depthwise_initializer",
            "depthwise_regularizer",
            "depthwise_constraint",
            "pointwise_initializer",
            "pointwise_regularizer",
            "pointwise_constraint",
            "embeddings_initializer",
            "embeddings_regularizer",
            "embeddings_constraint",
            "alpha_initializer",
            "alpha_regularizer",
            "alpha_constraint",
            "beta_initializer",
            "beta_regularizer",
            "beta_constraint",
            "gamma_initializer",
            "gamma_regularizer",
            "gamma_constraint",
            "moving_mean_initializer",
            "moving_variance_initializer");

    /** Options that make a layer another one if they have a value. */
    private static final Set<String> ABSENT =
            Set.of("lora_rank", "lora_alpha", "quantization_config", "quantization_mode", "gptq_unpacked_column_size");

    private static final Map<String, DataType> TYPES = Map.ofEntries(
            Map.entry("float16", DataType.DT_HALF),
            Map.entry("bfloat16", DataType.DT_BFLOAT16),
            Map.entry("float32", DataType.DT_FLOAT),
            Map.entry("float64", DataType.DT_DOUBLE),
            Map.entry("int8", DataType.DT_INT8),
            Map.entry("uint8", DataType.DT_UINT8),
            Map.entry("int16", DataType.DT_INT16),
            Map.entry("uint16", DataType.DT_UINT16),
            Map.entry("int32", DataType.DT_INT32),
            Map.entry("uint32", DataType.DT_UINT32),
            Map.entry("int64", DataType.DT_INT64),
            Map.entry("uint64", DataType.DT_UINT64),
            Map.entry("bool", DataType.DT_BOOL),
            Map.entry("string", DataType.DT_STRING));

    private static final Map<String, DataType> MIXED =
            Map.of("mixed_float16", DataType.DT_HALF, "mixed_bfloat16", DataType.DT_BFLOAT16);

    private static final Set<String> POLICIES = Set.of("DTypePolicy", "Policy", "FloatDTypePolicy");

    private final Map<?, ?> members;
    private final Set<Object> read = new HashSet<>();

    LayerConfig(Map<?, ?> members) {
        this.members = Collections.unmodifiableMap(members);
    }

    /** An element type by its name. */
    static DataType type(String name) {
        DataType type = TYPES.get(name);
        if (type == null) {
            throw new ConversionException(
                    "has the type " + name + "; expected one of " + new TreeSet<>(TYPES.keySet()));
        }
        return type;
    }

    /** All options. */
    Map<?, ?> members() {
        return members;
    }

    boolean has(String option) {
        return members.get(option) != null;
    }

    /** The value of an option, null if it is absent. */
    Object value(String option) {
        read.add(option);
        return members.get(option);
    }

    /** Reads an option that has no effect on what the layer computes. */
    void ignore(String... options) {
        read.addAll(List.of(options));
    }

    /** An integer of 32 bits, which is all that sizes need. */
    long integer(String option) {
        return integer(option, value(option));
    }

    long integer(String option, long absent) {
        Object value = value(option);
        return value == null ? absent : integer(option, value);
    }

    private long integer(String option, Object value) {
        if (value instanceof Long number && number == (int) (long) number) {
            return number;
        }
        if (value instanceof Double number && number == (int) (double) number) {
            return number.longValue();
        }
        throw wrong(option, "an integer of 32 bits");
    }

    /** An integer above zero. */
    long count(String option) {
        long count = integer(option);
        if (count < 1) {
            throw wrong(option, "an integer above 0");
        }
        return count;
    }

    double real(String option, double absent) {
        Object value = value(option);
        return value == null ? absent : real(option, value);
    }

    /** A number that may be absent. */
    Optional<Double> real(String option) {
        Object value = value(option);
        return value == null ? Optional.empty() : Optional.of(real(option, value));
    }

    /** A number; Keras also writes one as an array of rank 0. */
    private double real(String option, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Map<?, ?> object
                && object.get("config") instanceof Map<?, ?> array
                && "__numpy__".equals(object.get("class_name"))
                && array.get("value") instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Map<?, ?> array && array.get("value") instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(option, "a number");
    }

    boolean flag(String option, boolean absent) {
        Object value = value(option);
        if (value == null) {
            return absent;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(option, "a truth value");
    }

    String text(String option, String absent) {
        Object value = value(option);
        if (value == null) {
            return absent;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(option, "a text");
    }

    /** Integers, which may be one that stands for as many. */
    List<Long> integers(String option, int count) {
        Object value = value(option);
        if (value instanceof List<?> list && list.size() == count) {
            return list.stream().map(each -> integer(option, each)).toList();
        }
        if (value instanceof Long) {
            return Collections.nCopies(count, integer(option, value));
        }
        throw wrong(option, count + " integers");
    }

    List<Long> integers(String option, int count, long absent) {
        return has(option) ? integers(option, count) : Collections.nCopies(count, absent(option, absent));
    }

    private long absent(String option, long value) {
        read.add(option);
        return value;
    }

    /** Integers, however many; one stands for itself. */
    List<Long> integers(String option) {
        Object value = value(option);
        if (value instanceof List<?> list) {
            return list.stream().map(each -> integer(option, each)).toList();
        }
        return List.of(integer(option, value));
    }

    /** Pairs of integers, which may be one for all axes, or one for each. */
    List<List<Long>> pairs(String option, int count) {
        Object value = value(option);
        List<List<Long>> pairs = new ArrayList<>();
        if (value instanceof List<?> list
                && list.size() == count
                && list.stream().allMatch(List.class::isInstance)) {
            for (Object each : list) {
                List<?> pair = (List<?>) each;
                if (pair.size() != 2) {
                    throw wrong(option, "pairs of integers");
                }
                pairs.add(List.of(integer(option, pair.get(0)), integer(option, pair.get(1))));
            }
            return pairs;
        }
        for (long both : integers(option, count)) {
            pairs.add(List.of(both, both));
        }
        return pairs;
    }

    /** An option with a configuration of its own. */
    Map<?, ?> object(String option) {
        if (value(option) instanceof Map<?, ?> object) {
            return object;
        }
        throw wrong(option, "an object");
    }

    /** Requires an option that is there to have a value. */
    void require(String option, Object expected) {
        Object value = value(option);
        if (value != null && !value.equals(expected)) {
            throw wrong(option, String.valueOf(expected));
        }
    }

    /** One of some texts. */
    String among(String option, String absent, Set<String> known) {
        String text = text(option, absent);
        if (!known.contains(text)) {
            throw wrong(option, "one of " + new TreeSet<>(known));
        }
        return text;
    }

    /** Whether images have their channels first. */
    boolean channelsFirst() {
        return among("data_format", "channels_last", Set.of("channels_first", "channels_last"))
                .equals("channels_first");
    }

    /** The type that the layer computes in. */
    DataType computeType() {
        String policy = policy();
        return MIXED.containsKey(policy) ? MIXED.get(policy) : type(policy);
    }

    /** The type of the layer's weights. */
    DataType weightType() {
        String policy = policy();
        return MIXED.containsKey(policy) ? DataType.DT_FLOAT : type(policy);
    }

    private String policy() {
        Object dtype = members.get("dtype");
        if (dtype instanceof Map<?, ?> object) {
            if (!POLICIES.contains(String.valueOf(object.get("class_name")))
                    || !(object.get("config") instanceof Map<?, ?> config)
                    || !(config.get("name") instanceof String name)) {
                throw wrong("dtype", "a policy of " + new TreeSet<>(POLICIES) + "; quantised layers are not supported");
            }
            return name;
        }
        return dtype instanceof String name ? name : "float32";
    }

    /** Refuses options that nobody has read. */
    void finish() {
        for (Map.Entry<?, ?> member : members.entrySet()) {
            Object option = member.getKey();
            boolean isKnown = read.contains(option) || HARMLESS.contains(option);
            if (!isKnown && !(ABSENT.contains(option) && member.getValue() == null)) {
                throw wrong(String.valueOf(option), "no such option");
            }
        }
    }

    ConversionException wrong(String option, String expected) {
        String value = String.valueOf(members.get(option));
        String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
        return new ConversionException("has " + option.lines().findFirst().orElse("") + " = " + shown.replace('\n', ' ')
                + "; expected " + expected);
    }
}
