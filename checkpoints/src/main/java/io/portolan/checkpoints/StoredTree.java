package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.values.Tuple;
import io.portolan.checkpoints.values.Utf8;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tree in the nearest form that a format has for it, and its exact structure if that form has less: without it,
 * another program still finds every array under its path.
 *
 * @param nearest the tree in values that the format has
 * @param structure the structure as {@link TaggedValues}, in which an array is its path in {@code nearest}; empty if
 *     {@code nearest} is the structure
 */
record StoredTree(Object nearest, Optional<Object> structure) {

    /**
     * The form in a format that nests values.
     *
     * @param known the kinds of values that the format has, arrays among them
     */
    static StoredTree nested(ParameterTree tree, Set<TaggedValues.Kind> known) {
        Object structure = tree.structure();
        if (isHeld(structure, known)) {
            return new StoredTree(structure, Optional.empty());
        }
        Object nearest = nearest(structure, known);
        return new StoredTree(
                nearest,
                Optional.of(
                        encoded(structure, ParameterTree.ofStructure(nearest).arrays())));
    }

    /** The form in a format that is a list of named arrays: the arrays by path. */
    static StoredTree flat(ParameterTree tree) {
        Object structure = tree.structure();
        return new StoredTree(
                tree.arrays(),
                isFlat(structure, tree) ? Optional.empty() : Optional.of(encoded(structure, tree.arrays())));
    }

    /**
     * Restores a tree from its structure.
     *
     * @param nearest the tree as the format has it
     * @throws CheckpointException if the two do not have the same arrays
     */
    static Object restored(String file, Object nearest, Object structure) throws CheckpointException {
        return restored(
                file,
                TreeArrays.of(
                        nearest,
                        (path, problem, expectation) -> new CheckpointException(
                                file + ": " + Quotation.of(path) + " is " + problem + ": expected " + expectation)),
                structure);
    }

    /** Like {@link #restored(String, Object, Object)}, from the arrays by path. */
    static Object restored(String file, Map<String, ArrayData> arrays, Object structure) throws CheckpointException {
        Set<String> unused = new LinkedHashSet<>(arrays.keySet());
        Object tree;
        try {
            tree = TaggedValues.decode(structure, path -> {
                unused.remove(path);
                return arrays.get(path);
            });
        } catch (CheckpointException wrong) {
            throw new CheckpointException(file + ": " + wrong.getMessage(), wrong);
        }
        if (!unused.isEmpty()) {
            throw new CheckpointException(
                    file + ": the structure lacks the array "
                            + Quotation.of(unused.iterator().next())
                            + ": expected the arrays that Portolan wrote; remove the structure from the file to read it without");
        }
        return tree;
    }

    /** The arrays of the structure and of the nearest form come in the same order, so that they can be paired. */
    private static Object encoded(Object structure, Map<String, ArrayData> nearest) {
        Iterator<String> paths = nearest.keySet().iterator();
        return TaggedValues.encode(structure, TaggedValues.JSON, array -> paths.next());
    }

    /** Whether a tree is the dictionaries that a reader makes of its paths. */
    private static boolean isFlat(Object structure, ParameterTree tree) {
        return structure.equals(ParameterTree.empty().structure())
                || isNestedText(structure) && tree.arrays().keySet().stream().noneMatch(path -> path.indexOf('%') >= 0);
    }

    private static boolean isNestedText(Object value) {
        return value instanceof Map<?, ?> map
                && !map.isEmpty()
                && map.entrySet().stream()
                        .allMatch(entry -> entry.getKey() instanceof String
                                && (entry.getValue() instanceof ArrayData || isNestedText(entry.getValue())));
    }

    private static boolean isHeld(Object value, Set<TaggedValues.Kind> known) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .allMatch(entry -> isHeldKey(entry.getKey(), known) && isHeld(entry.getValue(), known));
        }
        if (value instanceof List<?> list) {
            return list.stream().allMatch(element -> isHeld(element, known));
        }
        if (value instanceof Tuple tuple) {
            return known.contains(TaggedValues.Kind.TUPLES) && isHeld(tuple.elements(), known);
        }
        if (value instanceof String) {
            return isHeldKey(value, known);
        }
        return !(value instanceof InertObject)
                && (!(value instanceof BigInteger) || known.contains(TaggedValues.Kind.INTEGERS));
    }

    private static boolean isHeldKey(Object key, Set<TaggedValues.Kind> known) {
        return key instanceof String text
                ? known.contains(TaggedValues.Kind.SURROGATES) || Utf8.holds(text)
                : known.contains(TaggedValues.Kind.KEYS) && isHeld(key, known);
    }

    private static Object nearest(Object value, Set<TaggedValues.Kind> known) {
        if (value instanceof InertObject object) {
            Optional<KnownRecords.Box> box = KnownRecords.box(object);
            return box.isPresent() ? nearest(box.get().contents(), known) : nearest(Children.of(object), known);
        }
        if (value instanceof Map<?, ?> map) {
            // A text key keeps its text if no other key could be mistaken for it.
            boolean held = map.keySet().stream().allMatch(key -> isHeldKey(key, known));
            Map<Object, Object> entries = new LinkedHashMap<>();
            Labels.of(map.keySet())
                    .forEach((key, label) -> entries.put(held ? key : label, nearest(map.get(key), known)));
            return entries;
        }
        if (value instanceof List<?> list) {
            List<Object> elements = new ArrayList<>();
            list.forEach(element -> elements.add(nearest(element, known)));
            return elements;
        }
        if (value instanceof Tuple tuple) {
            List<?> elements = (List<?>) nearest(tuple.elements(), known);
            return known.contains(TaggedValues.Kind.TUPLES) ? Tuple.copyOf(elements) : elements;
        }
        return value instanceof BigInteger number && !known.contains(TaggedValues.Kind.INTEGERS)
                ? (Object) number.doubleValue()
                : value;
    }
}
