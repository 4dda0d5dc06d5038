package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tree of named arrays in the order of the file. A path consists of the keys of the nested dictionaries, joined by
 * slashes, such as {@code cssm_0/input_proj/kernel}.
 */
public final class ParameterTree {
    private static final ParameterTree EMPTY = new ParameterTree(new LinkedHashMap<>());

    private final Map<String, ArrayData> arrays;

    private ParameterTree(LinkedHashMap<String, ArrayData> arrays) {
        this.arrays = Collections.unmodifiableMap(arrays);
    }

    /** Creates a tree of arrays in the map's iteration order. */
    public static ParameterTree of(Map<String, ArrayData> arrays) {
        return new ParameterTree(new LinkedHashMap<>(arrays));
    }

    public static ParameterTree empty() {
        return EMPTY;
    }

    /** The arrays by path, in order. */
    public Map<String, ArrayData> arrays() {
        return arrays;
    }

    public Optional<ArrayData> find(String path) {
        return Optional.ofNullable(arrays.get(path));
    }

    /** Whether there is an array at this path or below it. */
    public boolean contains(String path) {
        return arrays.containsKey(path) || !subtree(path).isEmpty();
    }

    /** The arrays below a path, with paths relative to it. */
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

    /** The distinct first keys of all paths, in order. */
    public Set<String> children() {
        Set<String> names = new LinkedHashSet<>();
        arrays.keySet().forEach(path -> names.add(path.split("/", 2)[0]));
        return Collections.unmodifiableSet(names);
    }

    public boolean isEmpty() {
        return arrays.isEmpty();
    }

    /** Total number of scalars in all arrays. */
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
