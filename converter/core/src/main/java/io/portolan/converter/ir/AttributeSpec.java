package io.portolan.converter.ir;

import java.util.HashMap;
import java.util.Map;

/**
 * The declaration of an operator's attribute.
 *
 * @param name its name
 * @param type the type of its value
 * @param since the opset that introduced it, if newer than {@link Opset#OLDEST}
 * @param newerTexts strings that it may hold only from a later opset on, with that opset
 */
public record AttributeSpec(String name, Class<? extends Attribute> type, int since, Map<String, Integer> newerTexts) {
    public AttributeSpec {
        newerTexts = Map.copyOf(newerTexts);
    }

    private AttributeSpec(String name, Class<? extends Attribute> type) {
        this(name, type, Opset.OLDEST, Map.of());
    }

    static AttributeSpec integer(String name) {
        return new AttributeSpec(name, Attribute.Int.class);
    }

    static AttributeSpec integers(String name) {
        return new AttributeSpec(name, Attribute.Ints.class);
    }

    static AttributeSpec real(String name) {
        return new AttributeSpec(name, Attribute.Real.class);
    }

    static AttributeSpec reals(String name) {
        return new AttributeSpec(name, Attribute.Reals.class);
    }

    static AttributeSpec text(String name) {
        return new AttributeSpec(name, Attribute.Text.class);
    }

    static AttributeSpec texts(String name) {
        return new AttributeSpec(name, Attribute.Texts.class);
    }

    static AttributeSpec graph(String name) {
        return new AttributeSpec(name, Attribute.Subgraph.class);
    }

    AttributeSpec since(int opset) {
        return new AttributeSpec(name, type, opset, newerTexts);
    }

    AttributeSpec withTextsSince(int opset, String... texts) {
        Map<String, Integer> more = new HashMap<>(newerTexts);
        for (String text : texts) {
            more.put(text, opset);
        }
        return new AttributeSpec(name, type, since, more);
    }

    /** The first opset in which the operator has this attribute with that value. */
    int firstOpset(Attribute value) {
        return value instanceof Attribute.Text text ? newerTexts.getOrDefault(text.value(), since) : since;
    }

    /** {@code Ints kernel_shape}. */
    @Override
    public String toString() {
        return type.getSimpleName() + " " + name;
    }
}
