package io.portolan.programs.text;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.AttributeDefinition;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.OpDefinition;
import io.portolan.programs.stablehlo.Operation;
import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Writes the attributes that belong to an operation as StableHLO declares them: grouped, and of its own types. */
final class PropertyWriter {
    /**
     * Attributes that the text groups.
     *
     * @param name the name of the group
     * @param type the type of the group
     * @param keys the names in it, by attribute; none for a convolution, which has its own notation
     */
    private record Group(String name, String type, Map<String, String> keys) {}

    private static final String CONVOLUTION = "conv";

    private static final Group GATHER = group(
            "dimension_numbers",
            "gather",
            "offset_dims",
            "collapsed_slice_dims",
            "operand_batching_dims",
            "start_indices_batching_dims",
            "start_index_map",
            "index_vector_dim");
    private static final Group AXES = new Group(
            "dimension_numbers",
            CONVOLUTION,
            ConvolutionText.attributes().stream().collect(Collectors.toMap(each -> each, each -> each)));
    private static final Group CHANNEL =
            new Group("channel_handle", "channel_handle", ordered("channel_id", "handle", "channel_type", "type"));

    private static final Map<String, Group> GROUPS = Map.of(
            "stablehlo.gather", GATHER,
            "stablehlo.dynamic_gather", GATHER,
            "stablehlo.scatter",
                    group(
                            "scatter_dimension_numbers",
                            "scatter",
                            "update_window_dims",
                            "inserted_window_dims",
                            "input_batching_dims",
                            "scatter_indices_batching_dims",
                            "scatter_dims_to_operand_dims",
                            "index_vector_dim"),
            "stablehlo.dot_general",
                    group(
                            "dot_dimension_numbers",
                            "dot",
                            "lhs_batching_dimensions",
                            "rhs_batching_dimensions",
                            "lhs_contracting_dimensions",
                            "rhs_contracting_dimensions"),
            "stablehlo.convolution", AXES,
            "stablehlo.dynamic_conv", AXES);

    /** Attributes that StableHLO wants even if they have their default value in VHLO. */
    private static final Map<String, Set<String>> ALWAYS = Map.of(
            "stablehlo.convolution", Set.of("batch_group_count", "feature_group_count"),
            "stablehlo.dynamic_conv", Set.of("batch_group_count", "feature_group_count"),
            "stablehlo.triangular_solve", Set.of("left_side", "lower", "unit_diagonal"));

    /** The names of sets of words, by attribute. */
    private static final Map<String, String> WORDS = Map.of(
            "comparison_direction", "comparison_direction",
            "compare_type", "comparison_type",
            "fft_type", "fft_type",
            "rng_algorithm", "rng_algorithm",
            "rng_distribution", "rng_distribution",
            "transpose_a", "transpose",
            "precision_config", "precision");

    /** Integers of 32 bits; all others have 64. */
    private static final Set<String> NARROW = Set.of("exponent_bits", "mantissa_bits", "version", "index");

    private static final Set<String> UNITS = Set.of("use_global_device_ids");
    private static final String ALIASES = "output_operand_aliases";
    private static final String ALIAS =
            "#stablehlo.output_operand_alias<output_tuple_indices = %s, operand_index = %d, operand_tuple_indices = %s>";
    private static final String CALL_VERSION = "api_version";

    private PropertyWriter() {}

    /** Appends {@code  <{name = value, …}>}, or nothing if there are none. */
    static void properties(Operation operation, OpDefinition definition, StringBuilder out) {
        List<String> written = new ArrayList<>();
        Set<String> grouped = new LinkedHashSet<>();
        Optional<Group> own = Optional.ofNullable(GROUPS.get(operation.name()));
        own.ifPresent(group -> {
            grouped.addAll(group.keys.keySet());
            written.add(group.name + " = " + text(group, operation, definition));
        });
        if (CHANNEL.keys.keySet().stream().anyMatch(operation::has)) {
            grouped.addAll(CHANNEL.keys.keySet());
            written.add(CHANNEL.name + " = " + text(CHANNEL, operation, definition));
        }
        for (AttributeDefinition attribute : definition.attributes()) {
            boolean isAlways = ALWAYS.getOrDefault(operation.name(), Set.of()).contains(attribute.name());
            Attribute value = operation.attributes().get(attribute.name());
            if (value == null && isAlways) {
                value = attribute.otherwise().orElseThrow();
            }
            if (value != null && !grouped.contains(attribute.name()) && isWritten(attribute, value)) {
                StringBuilder one = new StringBuilder();
                one.append(attribute.name());
                property(attribute, value, one);
                written.add(one.toString());
            }
        }
        if (!written.isEmpty()) {
            out.append(" <{").append(String.join(", ", written)).append("}>");
        }
    }

    /** Hints about accuracy are not known to older versions. */
    private static boolean isWritten(AttributeDefinition attribute, Attribute value) {
        return switch (attribute.kind()) {
            case TYPE -> false;
            case KEYWORD, KEYWORDS -> true;
            default -> AttributeWriter.isWritable(value);
        };
    }

    private static String text(Group group, Operation operation, OpDefinition definition) {
        StringBuilder out = new StringBuilder("#stablehlo.").append(group.type).append('<');
        if (group.type.equals(CONVOLUTION)) {
            ConvolutionText.write(operation, out);
        } else {
            List<String> entries = new ArrayList<>();
            group.keys.forEach((attribute, key) -> {
                if (operation.attributes().get(attribute) instanceof Attribute.Ints numbers) {
                    entries.add(key + " = " + numbers.values());
                } else if (isInteger(definition, attribute)) {
                    entries.add(key + " = " + operation.integer(attribute, 0));
                }
            });
            out.append(String.join(", ", entries));
        }
        return out.append('>').toString();
    }

    private static boolean isInteger(OpDefinition definition, String attribute) {
        return definition
                .attribute(attribute)
                .filter(each -> each.kind() == AttributeDefinition.Kind.INT)
                .isPresent();
    }

    private static void property(AttributeDefinition attribute, Attribute value, StringBuilder out) {
        if (UNITS.contains(attribute.name())) {
            return;
        }
        out.append(" = ");
        if (value instanceof Attribute.Keyword word) {
            keyword(attribute, word, out);
        } else if (value instanceof Attribute.Int number && NARROW.contains(attribute.name())) {
            AttributeWriter.value(new Attribute.Int(number.value(), ElementType.I32), out);
        } else if (attribute.kind() == AttributeDefinition.Kind.KEYWORDS) {
            out.append(((Attribute.Items) value)
                    .items().stream()
                            .map(word -> "#stablehlo<precision " + ((Attribute.Keyword) word).word() + ">")
                            .collect(Collectors.joining(", ", "[", "]")));
        } else if (attribute.name().equals(ALIASES)) {
            out.append(((Attribute.Items) value)
                    .items().stream().flatMap(PropertyWriter::alias).collect(Collectors.joining(", ", "[", "]")));
        } else if (attribute.name().equals("padding")) {
            pads((Attribute.Ints) value, out);
        } else if (attribute.name().equals("window_reversal")) {
            out.append(((Attribute.Ints) value)
                    .values().stream()
                            .map(flag -> String.valueOf(flag != 0))
                            .collect(Collectors.joining(", ", "array<i1: ", ">")));
        } else {
            AttributeWriter.value(value, out);
        }
    }

    private static void keyword(AttributeDefinition attribute, Attribute.Keyword word, StringBuilder out) {
        if (attribute.name().equals(CALL_VERSION)) {
            out.append(AttributeGroups.callVersion(word.word())).append(" : i32");
        } else {
            out.append("#stablehlo<")
                    .append(WORDS.get(attribute.name()))
                    .append(' ')
                    .append(word.word())
                    .append('>');
        }
    }

    /** An alias of a result and an operand; nothing if it is not one. */
    private static Stream<String> alias(Attribute value) {
        Map<String, Attribute> alias = value instanceof Attribute.Entries entries ? entries.byName() : Map.of();
        return alias.get("output_tuple_indices") instanceof Attribute.Ints results
                        && alias.get("operand_index") instanceof Attribute.Int operand
                        && alias.get("operand_tuple_indices") instanceof Attribute.Ints parts
                ? Stream.of(ALIAS.formatted(results.values(), operand.value(), parts.values()))
                : Stream.empty();
    }

    /** Pads are a matrix of a low and a high one for each axis. */
    private static void pads(Attribute.Ints pads, StringBuilder out) {
        long[] numbers = pads.values().stream().flatMapToLong(LongStream::of).toArray();
        TensorType type = numbers.length % 2 == 0
                ? TensorType.of(ElementType.I64, numbers.length / 2, 2)
                : TensorType.of(ElementType.I64, numbers.length);
        ElementsWriter.dense(Elements.ofLongs(type, numbers), out);
    }

    private static Group group(String name, String type, String... attributes) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String attribute : attributes) {
            keys.put(attribute, attribute);
        }
        return new Group(name, type, keys);
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
