package io.portolan.checkpoints;

import io.portolan.checkpoints.values.InertObject;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Access to the children of a value by name: entries of a dictionary, fields of an inert object, elements of a list.
 */
final class Children {
    private Children() {}

    /** The children by name; empty for a value without children. Keys that are not text are skipped. */
    static Map<String, Object> of(Object value) {
        Map<String, Object> children = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, child) -> {
                if (key instanceof String name) {
                    children.put(name, child);
                }
            });
        } else if (value instanceof List<?> list) {
            for (Object child : list) {
                children.put(Integer.toString(children.size()), child);
            }
        } else if (value instanceof InertObject object) {
            children.putAll(of(object.arguments()));
            children.putAll(of(object.state()));
        }
        return children;
    }

    /** A copy of a value without some of the children at a path. In a list they are replaced by {@code null}. */
    static Object without(Object value, List<String> path, Set<String> names) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> others = new LinkedHashMap<>(map);
            if (path.isEmpty()) {
                others.keySet().removeAll(names);
            } else {
                others.computeIfPresent(
                        path.get(0), (key, child) -> without(child, path.subList(1, path.size()), names));
            }
            return Collections.unmodifiableMap(others);
        }
        if (value instanceof List<?> list) {
            Object[] others = list.toArray();
            for (String index : path.isEmpty() ? names : Set.of(path.get(0))) {
                int at = Integer.parseInt(index);
                others[at] = path.isEmpty() ? null : without(others[at], path.subList(1, path.size()), names);
            }
            return Collections.unmodifiableList(Arrays.asList(others));
        }
        if (value instanceof InertObject object) {
            Set<String> state = of(object.state()).keySet();
            InertObject others = object;
            for (String name : path.isEmpty() ? names : Set.of(path.get(0))) {
                Set<String> removed = path.isEmpty() ? Set.of(name) : names;
                others = state.contains(name)
                        ? others.withState(without(others.state(), path, removed))
                        : others.withArguments((List<?>) without(others.arguments(), path, removed));
            }
            return others;
        }
        throw new IllegalArgumentException("nothing lies below " + PlainValues.kind(value));
    }
}
