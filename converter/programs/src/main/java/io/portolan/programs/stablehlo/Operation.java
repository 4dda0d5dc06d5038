package io.portolan.programs.stablehlo;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One operation of a block. Its attributes are in canonical form, whatever the program was read from: under the names of
 * {@link OpDefinition}, lists of dimensions not grouped, and without those that have their default value.
 */
public final class Operation {
    private final String name;
    private final List<Value> operands;
    private final List<Value> results;
    private final Map<String, Attribute> attributes;
    private final Map<String, Attribute> annotations;
    private final List<Block> regions;
    private final String location;

    /**
     * A new operation.
     *
     * @param name full name, such as {@code stablehlo.add} or {@code func.call}
     * @param attributes what {@link OpDefinition} declares; for operations that it does not know, all
     * @param annotations all other attributes, such as {@code mhlo.backend_config}
     * @param location the name that JAX gave it, such as {@code jit(f)/Dense_0/dot_general}; empty if unknown
     */
    public Operation(
            String name,
            List<Value> operands,
            List<Value> results,
            Map<String, Attribute> attributes,
            Map<String, Attribute> annotations,
            List<Block> regions,
            String location) {
        this.name = name;
        this.operands = List.copyOf(operands);
        this.results = List.copyOf(results);
        this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        this.annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
        this.regions = List.copyOf(regions);
        this.location = location;
    }

    /** The full name, such as {@code stablehlo.add}. */
    public String name() {
        return name;
    }

    /** Its row in the table of operations; empty for operations that are not in it. */
    public Optional<OpDefinition> definition() {
        return OpDefinition.find(name);
    }

    /** The operands. */
    public List<Value> operands() {
        return operands;
    }

    /**
     * An operand.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    public Value operand(int index) {
        if (index >= operands.size()) {
            throw new IllegalArgumentException(
                    "expected at least " + (index + 1) + " operands, got " + operands.size());
        }
        return operands.get(index);
    }

    /** The results. */
    public List<Value> results() {
        return results;
    }

    /**
     * The only result.
     *
     * @throws IllegalArgumentException if there are none or several
     */
    public Value result() {
        if (results.size() != 1) {
            throw new IllegalArgumentException("expected one result, got " + results.size());
        }
        return results.get(0);
    }

    /** The declared attributes, in canonical form. */
    public Map<String, Attribute> attributes() {
        return attributes;
    }

    /** Attributes that are not declared. */
    public Map<String, Attribute> annotations() {
        return annotations;
    }

    /** The regions. */
    public List<Block> regions() {
        return regions;
    }

    /**
     * A region.
     *
     * @throws IllegalArgumentException if there are fewer
     */
    public Block region(int index) {
        if (index >= regions.size()) {
            throw new IllegalArgumentException("expected at least " + (index + 1) + " regions, got " + regions.size());
        }
        return regions.get(index);
    }

    /** The name that JAX gave it; empty if unknown. */
    public String location() {
        return location;
    }

    /** Whether an attribute differs from its default. */
    public boolean has(String attribute) {
        return attributes.containsKey(attribute);
    }

    /** A list of integers; empty if it is absent. */
    public List<Long> integers(String attribute) {
        return has(attribute) ? as(attribute, Attribute.Ints.class).values() : List.of();
    }

    /** A list of integers, {@code count} times {@code otherwise} if it is absent. */
    public List<Long> integers(String attribute, int count, long otherwise) {
        List<Long> values = has(attribute) ? integers(attribute) : Collections.nCopies(count, otherwise);
        if (values.size() != count) {
            throw new IllegalArgumentException(
                    "expected " + count + " numbers as " + attribute + ", got " + values.size());
        }
        return values;
    }

    /**
     * An integer.
     *
     * @throws IllegalArgumentException if it is absent
     */
    public long integer(String attribute) {
        return as(attribute, Attribute.Int.class).value();
    }

    /** An integer, or a default. */
    public long integer(String attribute, long otherwise) {
        return has(attribute) ? integer(attribute) : otherwise;
    }

    /** A boolean; false if it is absent. */
    public boolean flag(String attribute) {
        return has(attribute) && as(attribute, Attribute.Bool.class).value();
    }

    /** A word. */
    public String keyword(String attribute) {
        return as(attribute, Attribute.Keyword.class).word();
    }

    /** A text, or a default. */
    public String text(String attribute, String otherwise) {
        return has(attribute) ? as(attribute, Attribute.Text.class).value() : otherwise;
    }

    /** The name of a function. */
    public String symbol(String attribute) {
        return as(attribute, Attribute.Symbol.class).name();
    }

    /** The elements of a constant. */
    public Elements elements(String attribute) {
        return as(attribute, Attribute.Tensor.class).elements();
    }

    private <A extends Attribute> A as(String attribute, Class<A> kind) {
        Attribute value = attributes.get(attribute);
        if (!kind.isInstance(value)) {
            throw new IllegalArgumentException(
                    "expected an attribute " + attribute + (value == null ? "" : " of another kind than " + value));
        }
        return kind.cast(value);
    }

    /** {@code stablehlo.add (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>}. */
    @Override
    public String toString() {
        return name + " " + operands + " -> " + results;
    }
}
