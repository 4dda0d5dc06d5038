package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Thrown when a graph uses unsupported ops, or ops with unsupported element types; names all of them, before anything is built.
 */
public final class UnsupportedOpsException extends ConversionException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 5;

    private final transient Map<String, List<String>> nodesByOp;

    /**
     * All unsupported ops of a graph.
     *
     * @param nodesByOp the names of the nodes that use each op
     */
    public UnsupportedOpsException(Map<String, List<String>> nodesByOp) {
        super(describe(nodesByOp));
        this.nodesByOp = Collections.unmodifiableMap(new TreeMap<>(nodesByOp));
    }

    /** The unsupported ops in alphabetical order, each with the names of its nodes. */
    public Map<String, List<String>> nodesByOp() {
        return nodesByOp;
    }

    private static String describe(Map<String, List<String>> nodesByOp) {
        return new TreeMap<>(nodesByOp)
                .entrySet().stream()
                        .map(entry -> "  " + entry.getKey() + " at " + listed(entry.getValue())
                                + Workarounds.of(entry.getKey())
                                        .map(advice -> "\n    (" + advice + ")")
                                        .orElse(""))
                        .collect(Collectors.joining(
                                "\n", "The graph uses TensorFlow ops that cannot be converted:\n", ""));
    }

    private static String listed(List<String> nodes) {
        String first = nodes.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return nodes.size() <= SHOWN ? first : first + " and " + (nodes.size() - SHOWN) + " more";
    }
}
