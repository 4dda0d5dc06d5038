package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.values.Tuple;
import io.portolan.checkpoints.values.Utf8;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * An encoding of metadata for formats with fewer kinds of values. An unsupported value becomes a dictionary whose first
 * key starts with a dollar sign and names its kind: <code>{"$integer": "2^80 in digits"}</code>,
 * <code>{"$float": "bits in hexadecimal"}</code>, <code>{"$items": [[key, value], …]}</code>,
 * <code>{"$tuple": [element, …]}</code>, <code>{"$text": "with escapes"}</code>,
 * <code>{"$array": "name of a tensor"}</code> and <code>{"$object": "RECORD", "module": …, …}</code>.
 */
final class TaggedValues {
    /**
     * The kinds of values that not every format supports: keys that are not text, long integers, floats that are not
     * finite, text with unpaired surrogates, tuples, arrays.
     */
    enum Kind {
        KEYS,
        INTEGERS,
        FLOATS,
        SURROGATES,
        TUPLES,
        ARRAYS
    }

    /** Pickles support everything but inert objects, whose classes a plain pickle must not name. */
    static final Set<Kind> PICKLE = Set.of(Kind.values());

    /** Flax's reader supports only text keys. */
    static final Set<Kind> MESSAGE_PACK = Set.of(Kind.FLOATS, Kind.ARRAYS);

    static final Set<Kind> JSON = Set.of();

    private static final String TAG = "$";
    private static final String INTEGER = "$integer";
    private static final String FLOAT = "$float";
    private static final String TEXT = "$text";
    private static final String TUPLE = "$tuple";
    private static final String ITEMS = "$items";
    private static final String ARRAY = "$array";
    private static final String OBJECT = "$object";

    private TaggedValues() {}

    /**
     * Encodes a value for a format.
     *
     * @param known the kinds of values that need no tag
     * @param store stores an array in the format and returns its name
     * @throws IllegalArgumentException if the value is of a kind that a {@link Checkpoint} cannot hold
     */
    static Object encode(Object value, Set<Kind> known, Function<ArrayData, String> store) {
        if (value == null || value instanceof Boolean || value instanceof Long) {
            return value;
        }
        if (value instanceof String text) {
            return isText(text, known) ? text : Map.of(TEXT, Labels.of(text));
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) || known.contains(Kind.FLOATS)
                    ? number
                    : Map.of(FLOAT, Long.toHexString(Double.doubleToRawLongBits(number)));
        }
        if (value instanceof BigInteger number) {
            return known.contains(Kind.INTEGERS) ? number : Map.of(INTEGER, number.toString());
        }
        if (value instanceof ArrayData array) {
            return known.contains(Kind.ARRAYS) ? array : Map.of(ARRAY, store.apply(array));
        }
        if (value instanceof List<?> list) {
            List<Object> encoded = new ArrayList<>();
            list.forEach(element -> encoded.add(encode(element, known, store)));
            return encoded;
        }
        if (value instanceof Tuple tuple) {
            List<?> encoded = (List<?>) encode(tuple.elements(), known, store);
            return known.contains(Kind.TUPLES) ? Tuple.copyOf(encoded) : Map.of(TUPLE, encoded);
        }
        if (value instanceof Map<?, ?> map) {
            return encodeMap(map, known, store);
        }
        if (value instanceof InertObject object) {
            return encodeObject(object, known, store);
        }
        throw new IllegalArgumentException(
                "metadata of the kind " + value.getClass().getSimpleName());
    }

    private static Object encodeMap(Map<?, ?> map, Set<Kind> known, Function<ArrayData, String> store) {
        boolean plain = map.keySet().stream()
                .allMatch(key -> key instanceof String text
                        ? !text.startsWith(TAG) && isText(text, known)
                        : known.contains(Kind.KEYS) && isPlainKey(key));
        if (plain) {
            Map<Object, Object> encoded = new LinkedHashMap<>();
            map.forEach((key, value) -> encoded.put(key, encode(value, known, store)));
            return encoded;
        }
        List<Object> items = new ArrayList<>();
        map.forEach((key, value) -> items.add(Arrays.asList(encode(key, known, store), encode(value, known, store))));
        return Map.of(ITEMS, items);
    }

    /** Whether a key other than text is one of the built-in types. */
    private static boolean isPlainKey(Object key) {
        return key instanceof Tuple tuple
                ? tuple.elements().stream().allMatch(TaggedValues::isPlainKey)
                : !(key instanceof InertObject);
    }

    private static boolean isText(String text, Set<Kind> known) {
        return known.contains(Kind.SURROGATES) || Utf8.holds(text);
    }

    private static Map<String, Object> encodeObject(
            InertObject object, Set<Kind> known, Function<ArrayData, String> store) {
        Map<String, Object> encoded = new LinkedHashMap<>();
        encoded.put(OBJECT, object.form().name());
        encoded.put("module", object.module());
        encoded.put("name", object.name());
        encoded.put("arguments", encode(object.arguments(), known, store));
        encoded.put("state", encode(object.state(), known, store));
        encoded.put("items", encode(object.items(), known, store));
        encoded.put("entries", encode(object.entries(), known, store));
        return encoded;
    }

    /**
     * Decodes a value.
     *
     * @param arrays finds an array by the name that it was stored under
     * @throws CheckpointException if the value of a tag is malformed
     */
    static Object decode(Object encoded, Function<String, ArrayData> arrays) throws CheckpointException {
        if (encoded instanceof List<?> list) {
            return decodeList(list, arrays);
        }
        if (encoded instanceof Tuple tuple) {
            return Tuple.copyOf(decodeList(tuple.elements(), arrays));
        }
        if (!(encoded instanceof Map<?, ?> map)) {
            return encoded;
        }
        Object tag = map.isEmpty() ? null : map.keySet().iterator().next();
        if (!(tag instanceof String name) || !name.startsWith(TAG)) {
            return decodeMap(
                    map.entrySet().stream()
                            .map(entry -> Arrays.asList(entry.getKey(), entry.getValue()))
                            .toList(),
                    arrays);
        }
        Object content = map.get(tag);
        try {
            return switch (name) {
                case INTEGER -> new BigInteger((String) content);
                case FLOAT -> Double.longBitsToDouble(Long.parseUnsignedLong((String) content, 16));
                case TEXT -> Labels.key((String) content);
                case TUPLE -> Tuple.copyOf(decodeList((List<?>) content, arrays));
                case ARRAY -> Objects.requireNonNull(arrays.apply((String) content));
                case ITEMS -> decodeMap((List<?>) content, arrays);
                case OBJECT -> decodeObject(map, arrays);
                default -> throw new IllegalArgumentException("no such tag");
            };
        } catch (ClassCastException
                | IllegalArgumentException
                | NullPointerException
                | IndexOutOfBoundsException wrong) {
            throw new CheckpointException(
                    "metadata with a wrong value of the tag " + Quotation.of(name) + ": expected what Portolan writes",
                    wrong);
        }
    }

    private static List<Object> decodeList(List<?> list, Function<String, ArrayData> arrays)
            throws CheckpointException {
        List<Object> decoded = new ArrayList<>();
        for (Object element : list) {
            decoded.add(decode(element, arrays));
        }
        return Collections.unmodifiableList(decoded);
    }

    private static Map<Object, Object> decodeMap(List<?> items, Function<String, ArrayData> arrays)
            throws CheckpointException {
        Map<Object, Object> decoded = new LinkedHashMap<>();
        for (Object item : items) {
            List<?> pair = (List<?>) item;
            decoded.put(decode(pair.get(0), arrays), decode(pair.get(1), arrays));
        }
        return Collections.unmodifiableMap(decoded);
    }

    @SuppressWarnings("unchecked")
    private static InertObject decodeObject(Map<?, ?> map, Function<String, ArrayData> arrays)
            throws CheckpointException {
        return new InertObject(
                InertObject.Form.valueOf((String) map.get(OBJECT)),
                (String) map.get("module"),
                (String) map.get("name"),
                (List<Object>) decode(map.get("arguments"), arrays),
                decode(map.get("state"), arrays),
                (List<Object>) decode(map.get("items"), arrays),
                (Map<Object, Object>) decode(map.get("entries"), arrays));
    }
}
