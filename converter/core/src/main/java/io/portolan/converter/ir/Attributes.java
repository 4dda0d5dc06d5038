package io.portolan.converter.ir;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The attributes of a node by name, in alphabetical order so that equal graphs are written equally.
 *
 * @param byName the attributes
 */
public record Attributes(Map<String, Attribute> byName) {
    /** No attributes. */
    public static final Attributes NONE = new Attributes(Map.of());

    public Attributes {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /** One integer attribute. */
    public static Attributes of(String name, long value) {
        return NONE.with(name, value);
    }

    /** One integer list attribute. */
    public static Attributes of(String name, List<Long> values) {
        return NONE.with(name, values);
    }

    /** One string attribute. */
    public static Attributes of(String name, String value) {
        return NONE.with(name, value);
    }

    /** A copy with a string attribute added. */
    public Attributes with(String name, String value) {
        return with(name, new Attribute.Text(value));
    }

    /** A copy with an integer attribute added. */
    public Attributes with(String name, long value) {
        return with(name, new Attribute.Int(value));
    }

    /** A copy with an integer list attribute added. */
    public Attributes with(String name, List<Long> values) {
        return with(name, new Attribute.Ints(values));
    }

    /** A copy with a graph attribute added. */
    public Attributes with(String name, OnnxGraph graph) {
        return with(name, new Attribute.Subgraph(graph));
    }

    /** A copy with an attribute added. */
    public Attributes with(String name, Attribute attribute) {
        Map<String, Attribute> more = new TreeMap<>(byName);
        more.put(name, attribute);
        return new Attributes(more);
    }

    /** A required integer. */
    public long integer(String name) {
        return ((Attribute.Int) required(name)).value();
    }

    /** An integer, or its default. */
    public long integer(String name, long otherwise) {
        return byName.get(name) instanceof Attribute.Int attribute ? attribute.value() : otherwise;
    }

    /** A real number, or its default. */
    public float real(String name, float otherwise) {
        return byName.get(name) instanceof Attribute.Real attribute ? attribute.value() : otherwise;
    }

    /** A string, or its default. */
    public String text(String name, String otherwise) {
        return byName.get(name) instanceof Attribute.Text attribute ? attribute.value() : otherwise;
    }

    /** A required graph. */
    public OnnxGraph graph(String name) {
        return ((Attribute.Subgraph) required(name)).graph();
    }

    /** All graphs, in the order of their names. */
    public List<OnnxGraph> graphs() {
        return byName.values().stream()
                .filter(Attribute.Subgraph.class::isInstance)
                .map(attribute -> ((Attribute.Subgraph) attribute).graph())
                .toList();
    }

    /** A required integer list. */
    public List<Long> integers(String name) {
        return ((Attribute.Ints) required(name)).values();
    }

    /** An integer list, or its default. */
    public List<Long> integers(String name, List<Long> otherwise) {
        return byName.get(name) instanceof Attribute.Ints attribute ? attribute.values() : otherwise;
    }

    /** A copy without an attribute; this object if it has no such attribute. */
    public Attributes without(String name) {
        Map<String, Attribute> fewer = new TreeMap<>(byName);
        fewer.remove(name);
        return new Attributes(fewer);
    }

    private Attribute required(String name) {
        Attribute attribute = byName.get(name);
        if (attribute == null) {
            throw new IllegalArgumentException("attribute " + name + " is missing");
        }
        return attribute;
    }
}
