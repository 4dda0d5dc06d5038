package io.portolan.graphs.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the reference calls its cells. Some names mean one cell in one revision and another in the next; the arrays tell. */
final class CellNames {
    /**
     * At revision fdc9b22 every name but {@code transformer} and {@code gated} trains {@code hgru_bi}; later {@code kqv} is
     * another name of {@code transformer}.
     */
    private static final Set<String> ALIASES = Set.of("kqv", "standard", "opponent", "hgru", "bilinear");

    private CellNames() {}

    /**
     * Removes a name that the arrays tell better.
     *
     * @return what to say of it; empty if the name is the cell's, or none was said
     */
    static Optional<String> settle(Map<Field, String> stated, Map<String, Object> description, CellType shown) {
        String name = stated.get(Field.CELL);
        if (ALIASES.contains(String.valueOf(name))) {
            stated.remove(Field.CELL);
            return Optional.of(remark(Field.CELL.label(), name, shown));
        }
        // The training program knows more names than there are cells, so its word is not held against the arrays.
        Object argument = description.get(ReferenceOptions.CELL_ARGUMENT);
        return name != null || ReferenceOptions.isUnset(argument) || argument.equals(shown.label())
                ? Optional.empty()
                : Optional.of(remark(ReferenceOptions.CELL_ARGUMENT, argument, shown));
    }

    private static String remark(String option, Object name, CellType shown) {
        return option + " '" + name + "' names different cells in different revisions; the arrays are those of '"
                + shown.label() + "', which is built";
    }
}
