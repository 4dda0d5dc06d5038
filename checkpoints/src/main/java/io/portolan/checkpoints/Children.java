package io.portolan.checkpoints;

import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Access to the children of a value by their {@link Labels}: entries of a dictionary, elements of a list or tuple, and
 * everything that an inert object holds. The contents of a {@link KnownRecords.Box} take the place of the box.
 */
final class Children {
    private Children() {}

    /** The children by label, in order; empty for a value without children. */
    static Map<String, Object> of(Object value) {
        Map<String, Object> children = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            Labels.of(map.keySet()).forEach((key, label) -> children.put(label, map.get(key)));
        } else if (value instanceof List<?> list) {
            for (Object child : list) {
                children.put(Integer.toString(children.size()), child);
            }
        } else if (value instanceof Tuple tuple) {
            return of(tuple.elements());
        } else if (value instanceof InertObject object) {
            Optional<KnownRecords.Box> box = KnownRecords.box(object);
            if (box.isPresent()) {
                return of(box.get().contents());
            }
            for (RecordPart part : RecordPart.values()) {
                of(part.of(object)).forEach((label, child) -> children.put(part.label(label, children), child));
            }
        }
        return children;
    }

    /** A copy of a value without some of the children at a path. In a list or tuple they are replaced by null. */
    static Object without(Object value, List<String> path, Set<String> names) {
        if (!path.isEmpty()) {
            Object child = of(value).get(path.get(0));
            return with(value, Map.of(path.get(0), Optional.of(without(child, path.subList(1, path.size()), names))));
        }
        Map<String, Optional<Object>> changes = new LinkedHashMap<>();
        names.forEach(name -> changes.put(name, Optional.empty()));
        return with(value, changes);
    }

    /**
     * A copy of a value with some children replaced, or removed if nothing replaces them.
     *
     * @param changes by label
     */
    private static Object with(Object value, Map<String, Optional<Object>> changes) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> changed = new LinkedHashMap<>(map);
            Labels.of(map.keySet()).forEach((key, label) -> {
                if (changes.containsKey(label)) {
                    changes.get(label).ifPresentOrElse(other -> changed.put(key, other), () -> changed.remove(key));
                }
            });
            return Collections.unmodifiableMap(changed);
        }
        if (value instanceof List<?> list) {
            List<Object> changed = new ArrayList<>(list);
            changes.forEach((index, other) -> changed.set(Integer.parseInt(index), other.orElse(null)));
            return Collections.unmodifiableList(changed);
        }
        if (value instanceof Tuple tuple) {
            return Tuple.copyOf((List<?>) with(tuple.elements(), changes));
        }
        if (value instanceof InertObject object) {
            Optional<KnownRecords.Box> box = KnownRecords.box(object);
            return box.isPresent() ? box.get().with(with(box.get().contents(), changes)) : with(object, changes);
        }
        throw new IllegalArgumentException("nothing lies below " + PlainValues.kind(value));
    }

    private static InertObject with(InertObject object, Map<String, Optional<Object>> changes) {
        InertObject changed = object;
        Map<String, Object> seen = new LinkedHashMap<>();
        for (RecordPart part : RecordPart.values()) {
            Map<String, Optional<Object>> within = new LinkedHashMap<>();
            of(part.of(object)).forEach((label, child) -> {
                String shown = part.label(label, seen);
                seen.put(shown, child);
                if (changes.containsKey(shown)) {
                    within.put(label, changes.get(shown));
                }
            });
            if (!within.isEmpty()) {
                changed = part.with(changed, with(part.of(object), within));
            }
        }
        return changed;
    }
}
