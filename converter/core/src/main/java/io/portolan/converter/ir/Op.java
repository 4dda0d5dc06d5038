package io.portolan.converter.ir;

import java.util.List;

/** An operator of the graph: what it is called, what it takes, and which types it makes of which. */
public interface Op {
    /** The name of the operator in its domain. */
    String opName();

    /** The operator's domain; empty for ONNX's own. */
    String domain();

    /** The fewest inputs it takes. */
    int minInputs();

    /** The most inputs it takes. */
    int maxInputs();

    /** The attributes it may have. */
    List<AttributeSpec> attributes();

    /**
     * Whether it computes every element of its result from the elements at the same place of its inputs, which
     * broadcast.
     */
    default boolean isElementwise() {
        return false;
    }

    /**
     * Makes sure that it can be applied.
     *
     * @throws IllegalArgumentException if these are not as many inputs as it takes, or it has no such attributes
     */
    default void requireTakes(List<Value> inputs, Attributes given) {
        if (inputs.size() < minInputs() || inputs.size() > maxInputs()) {
            throw new IllegalArgumentException(
                    "%s takes %d to %d inputs, got %s".formatted(opName(), minInputs(), maxInputs(), inputs));
        }
        given.byName().forEach((name, value) -> {
            boolean known = attributes().stream()
                    .anyMatch(spec -> spec.name().equals(name) && spec.type().isInstance(value));
            if (!known) {
                throw new IllegalArgumentException("%s has no attribute %s of type %s; it has %s"
                        .formatted(opName(), name, value.getClass().getSimpleName(), attributes()));
            }
        });
    }

    /**
     * The types of the outputs.
     *
     * @throws IllegalArgumentException with what is wrong, if the operator cannot take these inputs
     */
    List<TensorType> infer(List<Value> inputs, Attributes attributes);
}
