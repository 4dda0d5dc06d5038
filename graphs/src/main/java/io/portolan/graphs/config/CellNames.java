package io.portolan.graphs.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The reference's names for its cells. Some names mean different cells in different revisions; the checkpoint's arrays
 * decide.
 */
final class CellNames {
    /**
     * At revision fdc9b22 every name but {@code transformer} and {@code gated} trains {@code hgru_bi}; later {@code
     * kqv} is another name of {@code transformer}.
     */
    private static final Set<String> ALIASES = Set.of("kqv", "standard", "opponent", "hgru", "bilinear");

    private CellNames() {}

    /**
     * Removes an ambiguous name, so that the arrays decide.
     *
     * @return a remark for the user; empty if the name is the cell's own, or none was given
     */
    static Optional<String> settle(Map<Field, String> stated, Map<String, Object> description, CellType shown) {
        String name = stated.get(Field.CELL);
        if (ALIASES.contains(String.valueOf(name))) {
            stated.remove(Field.CELL);
            return Optional.of(remark(Field.CELL.label(), name, shown));
        }
        // The training program has more names than there are cells, so a name that differs from the arrays is no
        // contradiction.
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
