package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The named arrays of a model, in the order of their file. A path is the keys of the nested dictionaries joined by
 * slashes, such as {@code cssm_0/input_proj/kernel}.
 */
public final class ParameterTree {
    private static final ParameterTree EMPTY = new ParameterTree(new LinkedHashMap<>());

    private final Map<String, ArrayData> arrays;

    private ParameterTree(LinkedHashMap<String, ArrayData> arrays) {
        this.arrays = Collections.unmodifiableMap(arrays);
    }

    /** A tree of these arrays, in the map's iteration order. */
    public static ParameterTree of(Map<String, ArrayData> arrays) {
        return new ParameterTree(new LinkedHashMap<>(arrays));
    }

    public static ParameterTree empty() {
        return EMPTY;
    }

    /** Every path with its array, in order. */
    public Map<String, ArrayData> arrays() {
        return arrays;
    }

    public Optional<ArrayData> find(String path) {
        return Optional.ofNullable(arrays.get(path));
    }

    /** Whether any array lies at this path or below it. */
    public boolean contains(String path) {
        return arrays.containsKey(path) || !subtree(path).isEmpty();
    }

    /** The arrays below a path, with the path and its slash taken off. */
    public ParameterTree subtree(String path) {
        String prefix = path + "/";
        LinkedHashMap<String, ArrayData> below = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                below.put(name.substring(prefix.length()), array);
            }
        });
        return new ParameterTree(below);
    }

    /** The first keys of all paths, in order and each once. */
    public Set<String> children() {
        Set<String> names = new LinkedHashSet<>();
        arrays.keySet().forEach(path -> names.add(path.split("/", 2)[0]));
        return Collections.unmodifiableSet(names);
    }

    public boolean isEmpty() {
        return arrays.isEmpty();
    }

    /** Number of scalars in all arrays together. */
    public long parameterCount() {
        return arrays.values().stream().mapToLong(ArrayData::size).sum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ParameterTree that && arrays.equals(that.arrays);
    }

    @Override
    public int hashCode() {
        return arrays.hashCode();
    }

    @Override
    public String toString() {
        return arrays.toString();
    }
}
