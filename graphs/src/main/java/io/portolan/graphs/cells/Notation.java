package io.portolan.graphs.cells;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

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

    private static final String MINUS = "−";
    private static final String OUTPUT_GATE = "c";
    /** Before the symbol of what a gate weights, such as the key, where that is not the input of a state. */
    private static final String OF_PART = "G_";

    /** No symbols. */
    static final Notation NONE = new Notation(List.of(), List.of(), Map.of(), Map.of());

    /** Whether there is nothing to show. */
    public boolean isEmpty() {
        return gates.isEmpty() && kernels.isEmpty();
    }

    /** What a factor of an entry of M is. */
    public enum Kind {
        GATE,
        /** e to the power of minus a gate. */
        DAMPING,
        KERNEL,
        ZERO
    }

    /**
     * A factor of an entry of M.
     *
     * @param name of the gate or kernel in a checkpoint; empty for zero
     */
    public record Factor(Kind kind, String name) {}

    /** The factors of an entry of M, without its sign; empty if it is not a product of gates and kernels. */
    public Optional<List<Factor>> factors(String entry) {
        List<Optional<Factor>> factors = Arrays.stream(
                        entry.replaceFirst("^" + MINUS, "").split("·"))
                .map(this::factor)
                .toList();
        return factors.stream().allMatch(Optional::isPresent)
                ? Optional.of(factors.stream().flatMap(Optional::stream).toList())
                : Optional.empty();
    }

    private Optional<Factor> factor(String text) {
        if (text.equals("0")) {
            return Optional.of(new Factor(Kind.ZERO, ""));
        }
        return named(gates, text)
                .map(gate -> new Factor(Kind.GATE, gate))
                .or(() -> named(kernels, text).map(kernel -> new Factor(Kind.KERNEL, kernel)))
                .or(() -> gates.entrySet().stream()
                        .filter(gate -> text.equals("e^(" + MINUS + gate.getValue() + ")"))
                        .map(gate -> new Factor(Kind.DAMPING, gate.getKey()))
                        .findFirst());
    }

    private static Optional<String> named(Map<String, String> symbols, String symbol) {
        return symbols.entrySet().stream()
                .filter(known -> known.getValue().equals(symbol))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * What each gate and kernel does, in words, by its name in a checkpoint. A gate outside M lets the input into a state,
     * in the order of the states if there are as many, or lets the states out.
     */
    public Map<String, String> roles() {
        Map<String, String> roles = new LinkedHashMap<>();
        List<String> inputs = new ArrayList<>();
        gates.forEach((gate, symbol) -> {
            roles.put(gate, uses(symbol));
            if (roles.get(gate).isEmpty()) {
                boolean isOfPart = symbol.startsWith(OF_PART);
                String input = isOfPart ? symbol.substring(OF_PART.length()) : "the input";
                roles.put(gate, symbol.equals(OUTPUT_GATE) ? "lets the states out" : "weights " + input);
                if (!symbol.equals(OUTPUT_GATE) && !isOfPart) {
                    inputs.add(gate);
                }
            }
        });
        if (inputs.size() == states.size()) {
            for (int i = 0; i < inputs.size(); i++) {
                roles.put(inputs.get(i), "lets the input into " + states.get(i));
            }
        }
        kernels.forEach((kernel, symbol) -> roles.put(kernel, uses(symbol)));
        return roles;
    }

    /** The entries of M that have a symbol, in words. */
    private String uses(String symbol) {
        Pattern whole = Pattern.compile("(?<![\\p{L}_])" + Pattern.quote(symbol) + "(?![\\p{L}_])");
        List<String> uses = new ArrayList<>();
        for (int to = 0; to < transition.size(); to++) {
            for (int from = 0; from < transition.size(); from++) {
                String entry = transition.get(to).get(from);
                if (whole.matcher(entry).find()) {
                    uses.add(use(entry, states.get(to), states.get(from)));
                }
            }
        }
        return String.join(", ", uses);
    }

    private String use(String entry, String to, String from) {
        String through = kernels.values().stream()
                .filter(entry::contains)
                .map(kernel -> " through " + kernel)
                .findFirst()
                .orElse("");
        if (to.equals(from)) {
            return "keeps " + to + through;
        }
        return (entry.startsWith(MINUS) ? "takes " + from + " from " : "adds " + from + " to ") + to + through;
    }

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
