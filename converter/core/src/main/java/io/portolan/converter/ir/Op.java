package io.portolan.converter.ir;

import java.util.List;

/** An operator of the graph: its name, inputs, attributes and type inference. */
public interface Op {
    /** The name of the operator in its domain. */
    String opName();

    /** The operator's domain; empty for ONNX's default domain. */
    String domain();

    /** The minimum number of inputs. */
    int minInputs();

    /** The maximum number of inputs. */
    int maxInputs();

    /** The attributes it may have. */
    List<AttributeSpec> attributes();

    /**
     * Whether it is elementwise: computes every element of its result from the elements at the same index of its inputs, which
     * broadcast.
     */
    default boolean isElementwise() {
        return false;
    }

    /**
     * Checks the number of inputs and the names and types of attributes.
     *
     * @throws IllegalArgumentException if it takes another number of inputs, or has no such attributes
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
     * @throws IllegalArgumentException with the reason, if the operator cannot take these inputs
     */
    List<TensorType> infer(List<Value> inputs, Attributes attributes);
}
