package io.portolan.converter.stablehlo;

import io.portolan.converter.lowering.ConversionException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Thrown when a program holds operations that cannot be converted; names all of them, before anything is built. */
public final class RefusedOperationsException extends ConversionException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 3;

    private final transient Map<String, List<String>> placesByOperation;

    /**
     * All refused operations of a program.
     *
     * @param placesByOperation where each occurs, by JAX's names; empty texts if unknown
     */
    public RefusedOperationsException(Map<String, List<String>> placesByOperation) {
        super(describe(placesByOperation));
        this.placesByOperation = Collections.unmodifiableMap(new TreeMap<>(placesByOperation));
    }

    /** The refused operations in alphabetical order, each with the places where it occurs. */
    public Map<String, List<String>> placesByOperation() {
        return placesByOperation;
    }

    private static String describe(Map<String, List<String>> places) {
        return new TreeMap<>(places)
                .entrySet().stream()
                        .map(entry -> "  " + entry.getKey() + " ("
                                + entry.getValue().size() + " times" + named(entry.getValue()) + ")")
                        .collect(Collectors.joining(
                                "\n", "The program holds operations that cannot be converted:\n", ""));
    }

    private static String named(List<String> places) {
        String names = places.stream()
                .filter(place -> !place.isEmpty())
                .distinct()
                .limit(SHOWN)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : ", as in " + names;
    }
}
