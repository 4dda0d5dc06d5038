package io.portolan.programs.text;

import io.portolan.programs.stablehlo.Attribute;
import io.portolan.programs.stablehlo.AttributeDefinition;
import io.portolan.programs.stablehlo.AttributeForm;
import io.portolan.programs.stablehlo.OpDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Attributes of StableHLO text under the names of {@link OpDefinition}, which lists those one by one that the text groups. */
final class AttributeGroups {
    /** The names of attributes that hold several, and of those in them that are called otherwise in the table of operations. */
    private static final Map<String, Map<String, String>> GROUPS = Map.of(
            "dimension_numbers", Map.of(),
            "dot_dimension_numbers", Map.of(),
            "scatter_dimension_numbers", Map.of(),
            "algorithm", Map.of(),
            "channel_handle", Map.of("handle", "channel_id", "type", "channel_type"),
            "window",
                    Map.of(
                            "stride", "window_strides",
                            "pad", "padding",
                            "lhs_dilate", "lhs_dilation",
                            "rhs_dilate", "rhs_dilation",
                            "reverse", "window_reversal"));

    /** How MLIR splits operands among its own lists of them, which says nothing about StableHLO. */
    private static final Set<String> IGNORED = Set.of("operandSegmentSizes", "resultSegmentSizes");

    /** What a number says about how a custom call is called. */
    private static final List<String> CALL_VERSIONS =
            List.of("UNSPECIFIED", "ORIGINAL", "STATUS_RETURNING", "STATUS_RETURNING_UNIFIED", "TYPED_FFI");

    private static final String CHANNEL_TYPE = "channel_type";

    private AttributeGroups() {}

    /** The number of a word that says how a custom call is called. */
    static int callVersion(String word) {
        return CALL_VERSIONS.indexOf(word);
    }

    /**
     * Declared attributes in canonical form.
     *
     * @param inherent attributes that belong to the operation
     * @param others attributes of which some may; the rest is added to {@code annotations}
     * @throws IllegalArgumentException if one is unknown or of another kind, or a required one is absent
     */
    static Map<String, Attribute> canonical(
            OpDefinition definition,
            Map<String, Attribute> inherent,
            Map<String, Attribute> others,
            Map<String, Attribute> annotations) {
        Map<String, Attribute> declared = new LinkedHashMap<>();
        inherent.forEach((name, value) -> {
            if (!add(definition, name, value, declared) && !IGNORED.contains(name)) {
                throw new IllegalArgumentException(definition.name() + ": has an unknown attribute " + name);
            }
        });
        others.forEach((name, value) -> {
            if (!add(definition, name, value, declared) && !IGNORED.contains(name)) {
                annotations.put(name, value);
            }
        });
        return definition.canonical(declared);
    }

    private static boolean add(OpDefinition definition, String name, Attribute value, Map<String, Attribute> declared) {
        Map<String, String> names = GROUPS.get(name);
        if (names != null && value instanceof Attribute.Entries group) {
            group.byName().forEach((key, item) -> {
                String attribute = names.getOrDefault(key, key);
                boolean isAdded = addOne(definition, attribute, item, declared);
                if (!isAdded && !attribute.equals(CHANNEL_TYPE)) {
                    throw new IllegalArgumentException(
                            definition.name() + ": has an unknown attribute " + key + " in " + name);
                }
            });
            return true;
        }
        return addOne(definition, name, value, declared);
    }

    private static boolean addOne(
            OpDefinition definition, String name, Attribute value, Map<String, Attribute> declared) {
        Optional<AttributeDefinition> attribute = definition.attribute(name);
        attribute.ifPresent(each -> {
            if (declared.put(name, AttributeForm.of(each, word(each, value))) != null) {
                throw new IllegalArgumentException(definition.name() + ": has attribute " + name + " twice");
            }
        });
        return attribute.isPresent();
    }

    private static Attribute word(AttributeDefinition definition, Attribute value) {
        if (definition.kind() == AttributeDefinition.Kind.KEYWORD && value instanceof Attribute.Int number) {
            if (number.value() < 0 || number.value() >= CALL_VERSIONS.size()) {
                throw new IllegalArgumentException("attribute " + definition.name() + " is " + number.value()
                        + ", expected 0 to " + (CALL_VERSIONS.size() - 1));
            }
            return new Attribute.Keyword(CALL_VERSIONS.get((int) number.value()));
        }
        return value;
    }
}
