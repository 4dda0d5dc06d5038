package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arrays of a tree by path, depth first. A tree is made of dictionaries, lists, tuples and {@link KnownRecords};
 * its leaves are arrays, None, truth values and numbers.
 *
 * @param <X> what is thrown for anything else
 */
final class TreeArrays<X extends Exception> {
    /** The largest number of containers around an array. */
    static final int DEEPEST = 64;

    private static final String EXPECTATION = "dictionaries, lists and tuples of arrays, None and numbers";

    /** A limit for the memory of all paths together; keys that a file has once may be part of many. */
    private static final long MOST_CHARACTERS = 1 << 26;

    private final Refusal<X> refusal;
    private final Map<String, ArrayData> arrays = new LinkedHashMap<>();
    private long characters;

    /** Makes the error for a path. */
    interface Refusal<X extends Exception> {
        X of(String path, String problem, String expectation);
    }

    private TreeArrays(Refusal<X> refusal) {
        this.refusal = refusal;
    }

    /** The arrays of a tree. */
    static <X extends Exception> Map<String, ArrayData> of(Object tree, Refusal<X> refusal) throws X {
        TreeArrays<X> arrays = new TreeArrays<>(refusal);
        arrays.visit("", tree, 0);
        return arrays.arrays;
    }

    /** Whether a value is such a tree. */
    static boolean isTree(Object value) {
        if (value instanceof ArrayData || value == null || isNumber(value)) {
            return true;
        }
        Optional<KnownRecords.Box> box = box(value);
        if (box.isPresent()) {
            return isTree(box.get().contents());
        }
        return isContainer(value) && Children.of(value).values().stream().allMatch(TreeArrays::isTree);
    }

    /** Whether a value is a container of a tree. */
    static boolean isContainer(Object value) {
        return value instanceof Map
                || value instanceof List
                || value instanceof Tuple
                || value instanceof InertObject object && KnownRecords.contains(object);
    }

    /** What a tree may be made of instead of a value, and for a record the way there. */
    static String expectation(Object value) {
        if (!(value instanceof InertObject object)) {
            return EXPECTATION;
        }
        return EXPECTATION
                + (NumpyRecords.elementType(object).isPresent()
                        ? "; save it as an array of numbers such as float32, or outside the parameters"
                        : "; save its fields as a dictionary");
    }

    private void visit(String path, Object value, int depth) throws X {
        if (value instanceof ArrayData array) {
            arrays.put(path, array);
            return;
        }
        if (value == null || isNumber(value)) {
            return;
        }
        Optional<KnownRecords.Box> box = box(value);
        if (box.isPresent()) {
            visit(path, box.get().contents(), depth);
            return;
        }
        if (!isContainer(value)) {
            throw refusal.of(path, PlainValues.kind(value), expectation(value));
        }
        if (depth == DEEPEST) {
            throw refusal.of(path, "within " + DEEPEST + " containers", "a flatter tree");
        }
        for (Map.Entry<String, Object> child : Children.of(value).entrySet()) {
            String label = child.getKey();
            characters += path.length() + label.length();
            if (characters > MOST_CHARACTERS) {
                throw refusal.of(
                        path,
                        "among paths of too many characters",
                        "at most " + MOST_CHARACTERS + " in all paths together");
            }
            visit(path.isEmpty() ? label : path + Labels.SEPARATOR + label, child.getValue(), depth + 1);
        }
    }

    private static boolean isNumber(Object value) {
        return value instanceof Boolean
                || value instanceof Long
                || value instanceof BigInteger
                || value instanceof Double;
    }

    private static Optional<KnownRecords.Box> box(Object value) {
        return value instanceof InertObject object ? KnownRecords.box(object) : Optional.empty();
    }
}
