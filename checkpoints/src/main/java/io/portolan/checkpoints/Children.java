package io.portolan.checkpoints;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What lies below a value of a file, by name: entries of a dictionary, fields of an inert object, elements of a list. */
final class Children {
    private Children() {
    }

    /** The values below by their names; empty for a value that has nothing below it. Keys that are not text are left out. */
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

    /** A value without the child at the end of a path. The place in a list stays and holds {@code null}. */
    static Object without(Object value, List<String> path) {
        String name = path.get(0);
        List<String> rest = path.subList(1, path.size());
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> others = new LinkedHashMap<>(map);
            if (rest.isEmpty()) {
                others.remove(name);
            } else {
                others.computeIfPresent(name, (key, child) -> without(child, rest));
            }
            return Collections.unmodifiableMap(others);
        }
        if (value instanceof List<?> list) {
            Object[] others = list.toArray();
            int index = Integer.parseInt(name);
            others[index] = rest.isEmpty() ? null : without(others[index], rest);
            return Collections.unmodifiableList(Arrays.asList(others));
        }
        if (value instanceof InertObject object && of(object.state()).containsKey(name)) {
            return object.withState(without(object.state(), path));
        }
        if (value instanceof InertObject object) {
            return object.withArguments((List<?>) without(object.arguments(), path));
        }
        throw new IllegalArgumentException("nothing lies below " + PlainValues.kind(value));
    }
}
