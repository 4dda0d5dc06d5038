package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Quotation;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Arrays of a file that are neither parameters nor running statistics; they are kept in the metadata.
 *
 * @param place where they are, keys joined by slashes
 * @param arrays how many there are
 * @param numbers scalars in all of them together
 * @param recognised whether it is known why they are none: by a name such as {@code opt_state} and what is stored there,
 *     or because the user chose the place of the parameters
 */
public record Remainder(String place, long arrays, long numbers, boolean recognised) {

    /**
     * What is left beside the parameters and beside everything on the way to them.
     *
     * @param leftover the file without what was taken from it
     * @param parametersAt the keys that lead to where the parameters were
     * @param chosen whether the user named that place
     */
    static List<Remainder> of(Object leftover, List<String> parametersAt, boolean chosen) {
        List<Remainder> remainders = new ArrayList<>();
        Object value = leftover;
        String above = "";
        for (int depth = 0; value != null; depth++) {
            String towards = depth < parametersAt.size() ? parametersAt.get(depth) : null;
            Object below = null;
            for (Map.Entry<String, Object> part : parts(value)) {
                if (part.getKey().equals(towards) && below == null) {
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

    /** Everything that lies below a value, that under keys which are no text and in each part of an inert object included. */
    private static List<Map.Entry<String, Object>> parts(Object value) {
        List<Map.Entry<String, Object>> parts = new ArrayList<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, part) -> parts.add(
                    new SimpleImmutableEntry<>(key instanceof String name ? name : PlainValues.kind(key), part)));
        } else if (value instanceof InertObject object) {
            for (Object part : new Object[] {object.arguments(), object.state(), object.items(), object.entries()}) {
                parts.addAll(part instanceof ArrayData ? List.of(Map.entry("state", part)) : parts(part));
            }
        } else {
            parts.addAll(Children.of(value).entrySet());
        }
        return parts;
    }

    /** Place and number, such as {@code 'opt_state' (24 arrays)}. */
    @Override
    public String toString() {
        return Quotation.of(place) + " (" + arrays + (arrays == 1 ? " array)" : " arrays)");
    }
}
