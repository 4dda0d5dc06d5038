package io.portolan.converter.ir;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The compile-time arguments of a node, by name, in alphabetical order so that equal graphs are written equally.
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

    /** One text attribute. */
    public static Attributes of(String name, String value) {
        return NONE.with(name, value);
    }

    /** These and one text more. */
    public Attributes with(String name, String value) {
        return with(name, new Attribute.Text(value));
    }

    /** These and one integer more. */
    public Attributes with(String name, long value) {
        return with(name, new Attribute.Int(value));
    }

    /** These and one integer list more. */
    public Attributes with(String name, List<Long> values) {
        return with(name, new Attribute.Ints(values));
    }

    /** These and one graph more. */
    public Attributes with(String name, OnnxGraph graph) {
        return with(name, new Attribute.Subgraph(graph));
    }

    /** These and one more. */
    public Attributes with(String name, Attribute attribute) {
        Map<String, Attribute> more = new TreeMap<>(byName);
        more.put(name, attribute);
        return new Attributes(more);
    }

    /** An integer that must be there. */
    public long integer(String name) {
        return ((Attribute.Int) required(name)).value();
    }

    /** An integer, or its default. */
    public long integer(String name, long otherwise) {
        return byName.get(name) instanceof Attribute.Int attribute ? attribute.value() : otherwise;
    }

    /** A text, or its default. */
    public String text(String name, String otherwise) {
        return byName.get(name) instanceof Attribute.Text attribute ? attribute.value() : otherwise;
    }

    /** A graph that must be there. */
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

    /** An integer list that must be there. */
    public List<Long> integers(String name) {
        return ((Attribute.Ints) required(name)).values();
    }

    /** An integer list, or its default. */
    public List<Long> integers(String name, List<Long> otherwise) {
        return byName.get(name) instanceof Attribute.Ints attribute ? attribute.values() : otherwise;
    }

    /** These without one, or these if it is not there. */
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
