package io.portolan.graphs.cells;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The symbols of a cell's equations as {@code docs/model.md} writes them, for display.
 *
 * @param states the symbol of each state
 * @param transition the symbols of M, row by row
 * @param kernels the symbol of each kernel, by its name in a checkpoint
 * @param gates the symbol of each gate, by its name in a checkpoint
 */
public record Notation(
        List<String> states, List<List<String>> transition, Map<String, String> kernels, Map<String, String> gates) {

    /** No symbols. */
    static final Notation NONE = new Notation(List.of(), List.of(), Map.of(), Map.of());

    /** A map from names to symbols, given alternately; it keeps their order. */
    static Map<String, String> symbols(String... namesAndSymbols) {
        Map<String, String> symbols = new LinkedHashMap<>();
        for (int i = 0; i < namesAndSymbols.length; i += 2) {
            symbols.put(namesAndSymbols[i], namesAndSymbols[i + 1]);
        }
        return Collections.unmodifiableMap(symbols);
    }

    /** Several tables of symbols, one behind the other. */
    @SafeVarargs
    static Map<String, String> joined(Map<String, String>... tables) {
        Map<String, String> joined = new LinkedHashMap<>();
        for (Map<String, String> table : tables) {
            joined.putAll(table);
        }
        return Collections.unmodifiableMap(joined);
    }
}
