package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.Quotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Arrays of a file that are neither parameters nor running statistics; they are kept in the metadata.
 *
 * @param place their place, keys joined by slashes
 * @param arrays number of arrays
 * @param numbers total number of scalars
 * @param recognised whether they are known not to be parameters: by a name such as {@code opt_state} and its contents,
 *     or because the user chose the place of the parameters
 */
public record Remainder(String place, long arrays, long numbers, boolean recognised) {

    /**
     * The remaining arrays, grouped by their places next to the parameters and next to the path to them.
     *
     * @param leftover the file's value without the parts that were taken
     * @param parametersAt the keys that lead to the place of the parameters
     * @param chosen whether the user chose that place
     */
    static List<Remainder> of(Object leftover, List<String> parametersAt, boolean chosen) {
        List<Remainder> remainders = new ArrayList<>();
        Object value = leftover;
        String above = "";
        for (int depth = 0; value != null; depth++) {
            String towards = depth < parametersAt.size() ? parametersAt.get(depth) : null;
            Object below = null;
            for (Map.Entry<String, Object> part : Children.of(value).entrySet()) {
                if (part.getKey().equals(towards)) {
                    below = part.getValue();
                    continue;
                }
                List<ArrayData> arrays = HeldArrays.in(part.getValue());
                if (!arrays.isEmpty()) {
                    remainders.add(new Remainder(
                            above + part.getKey(),
                            arrays.size(),
                            arrays.stream().mapToLong(ArrayData::size).sum(),
                            chosen || ParameterSearch.isKnownOther(part.getKey(), part.getValue())));
                }
            }
            above += towards + "/";
            value = below;
        }
        return remainders;
    }

    /** The place and the number of arrays, such as {@code 'opt_state' (24 arrays)}. */
    @Override
    public String toString() {
        return Quotation.of(place) + " (" + arrays + (arrays == 1 ? " array)" : " arrays)");
    }
}
