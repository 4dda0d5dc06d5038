package io.portolan.checkpoints.inspection;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.values.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Describes a value of a checkpoint's metadata in a line: its kind and, for records, their classes. */
public final class EntryDescription {
    private static final int LISTED = 8;
    private static final int DEPTH = 3;

    private EntryDescription() {}

    /** Such as {@code tuple of optax._src.base.EmptyState, optax._src.transform.ScaleByAdamState}. */
    public static String of(Object value) {
        return of(value, DEPTH);
    }

    private static String of(Object value, int depth) {
        if (value == null) {
            return "None";
        }
        if (value instanceof String text) {
            return Quotation.of(text);
        }
        if (value instanceof InertObject object) {
            return object.qualifiedName();
        }
        if (value instanceof ArrayData || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        if (value instanceof Map<?, ?> map) {
            return "dictionary of " + listed(map.keySet(), 0);
        }
        if (value instanceof Tuple tuple) {
            return "tuple of " + listed(tuple.elements(), depth);
        }
        return value instanceof List<?> list ? "list of " + listed(list, depth) : value.toString();
    }

    private static String listed(Collection<?> values, int depth) {
        if (values.isEmpty()) {
            return "nothing";
        }
        if (depth < 0) {
            return values.size() + " values";
        }
        String first =
                values.stream().limit(LISTED).map(value -> of(value, depth - 1)).collect(Collectors.joining(", "));
        return values.size() > LISTED ? first + " and " + (values.size() - LISTED) + " more" : first;
    }
}
