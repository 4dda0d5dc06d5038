package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Collects the arrays in a value of a file, at any depth and under any keys. */
final class HeldArrays {
    /** The module of dates and times, which keep themselves as bytes. */
    private static final String DATES = "datetime";

    private HeldArrays() {}

    /** The arrays in dictionaries, lists and all parts of inert objects. */
    static List<ArrayData> in(Object value) {
        List<ArrayData> arrays = new ArrayList<>();
        // Values are wrapped in singleton lists, because a deque does not accept null.
        Deque<List<?>> open = new ArrayDeque<>();
        open.push(Arrays.asList(value));
        while (!open.isEmpty()) {
            for (Object part : open.pop()) {
                if (part instanceof ArrayData array) {
                    arrays.add(array);
                } else if (part instanceof List<?> list) {
                    open.push(list);
                } else if (part instanceof Tuple tuple) {
                    open.push(tuple.elements());
                } else if (part instanceof Map<?, ?> map) {
                    open.push(new ArrayList<>(map.values()));
                } else if (part instanceof InertObject object
                        && !object.module().equals(DATES)) {
                    open.push(Arrays.asList(object.arguments(), object.state(), object.items(), object.entries()));
                }
            }
        }
        return arrays;
    }

    static boolean any(Object value) {
        return !in(value).isEmpty();
    }
}
