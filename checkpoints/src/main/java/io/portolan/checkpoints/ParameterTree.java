package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A tree of arrays in the order of the file, as JAX's trees are: dictionaries under any keys, lists, tuples and a few
 * known records, with arrays, None and Python's numbers as leaves. Its arrays are looked up by path: the keys and
 * indices on the way, joined by slashes, such as {@code cssm_0/input_proj/kernel} or {@code layers/0/bias}. A key that
 * has a slash or a percent sign in it is escaped in a path: Haiku's {@code mlp/~/linear_0} is
 * {@code mlp%2F~%2Flinear_0}. Paths of one tree are distinct, whatever its keys.
 */
public final class ParameterTree {
    private static final ParameterTree EMPTY = new ParameterTree(new LinkedHashMap<>(), Map.of());

    private final Map<String, ArrayData> arrays;

    /** The structure, or null if it is the nested dictionaries that the paths describe. */
    private final Object structure;

    private ParameterTree(Map<String, ArrayData> arrays, Object structure) {
        this.arrays = Collections.unmodifiableMap(arrays);
        this.structure = structure;
    }

    /** Creates a tree of nested dictionaries from arrays by path, in the map's iteration order. */
    public static ParameterTree of(Map<String, ArrayData> arrays) {
        Map<String, ArrayData> canonical = new LinkedHashMap<>();
        arrays.forEach((path, array) -> canonical.put(Labels.canonical(path), array));
        return new ParameterTree(canonical, null);
    }

    /**
     * Creates a tree from its structure.
     *
     * @param structure an unmodifiable {@link Map}, {@link List}, {@link Tuple} or {@link InertObject} of a known class,
     *     nested as the tree is; its leaves are {@link ArrayData}, null, {@link Boolean}, {@link Long},
     *     {@link java.math.BigInteger} and {@link Double}
     * @throws IllegalArgumentException if it holds anything else, is too deep or has no finite names
     */
    public static ParameterTree ofStructure(Object structure) {
        return new ParameterTree(
                TreeArrays.<IllegalArgumentException>of(
                        structure,
                        (path, problem, expectation) -> new IllegalArgumentException(
                                "the tree at '" + path + "' is " + problem + ": expected " + expectation)),
                structure);
    }

    /** A tree whose arrays have been collected from its structure. */
    static ParameterTree collected(Map<String, ArrayData> arrays, Object structure) {
        return new ParameterTree(arrays, structure);
    }

    public static ParameterTree empty() {
        return EMPTY;
    }

    /** The path of text keys or indices, outermost first. */
    public static String path(List<String> keys) {
        return keys.stream().map(Labels::of).collect(Collectors.joining(Labels.SEPARATOR));
    }

    /** The arrays by path, in order. */
    public Map<String, ArrayData> arrays() {
        return arrays;
    }

    /**
     * The tree as nested containers; see {@link #ofStructure}.
     *
     * @throws IllegalArgumentException if the tree was made from paths, and one leads through an array or has an empty
     *     part
     */
    public Object structure() {
        return structure == null ? TreeForm.nested(this) : structure;
    }

    public Optional<ArrayData> find(String path) {
        return Optional.ofNullable(arrays.get(path));
    }

    /** Whether there is an array at this path or below it. */
    public boolean contains(String path) {
        return arrays.containsKey(path) || !subtree(path).isEmpty();
    }

    /** The arrays below a path, with paths relative to it, as nested dictionaries. */
    public ParameterTree subtree(String path) {
        String prefix = path + "/";
        LinkedHashMap<String, ArrayData> below = new LinkedHashMap<>();
        arrays.forEach((name, array) -> {
            if (name.startsWith(prefix)) {
                below.put(name.substring(prefix.length()), array);
            }
        });
        return new ParameterTree(below, null);
    }

    /** The distinct first parts of all paths, in order. */
    public Set<String> children() {
        Set<String> names = new LinkedHashSet<>();
        arrays.keySet().forEach(path -> names.add(path.split("/", 2)[0]));
        return Collections.unmodifiableSet(names);
    }

    /** Whether there is no array in the tree. */
    public boolean isEmpty() {
        return arrays.isEmpty();
    }

    /** Total number of scalars in all arrays. */
    public long parameterCount() {
        return arrays.values().stream().mapToLong(ArrayData::size).sum();
    }

    /** Whether the other tree has the same structure and the same arrays at the same places, in any order. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ParameterTree that
                && arrays.equals(that.arrays)
                && (structure == null && that.structure == null || structure().equals(that.structure()));
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
