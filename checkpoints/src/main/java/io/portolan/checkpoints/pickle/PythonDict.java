package io.portolan.checkpoints.pickle;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A Python dictionary in the order of the file; a repeated key replaces the value, as in Python. */
final class PythonDict {
    /**
     * The types of keys. None has a hash that recurses into a container: tuples are told apart by identity here, and by
     * value in the finished tree, whose size is bounded.
     */
    private static final Set<Class<?>> KEYS = Set.of(
            String.class,
            Boolean.class,
            Long.class,
            Double.class,
            BigInteger.class,
            PythonTuple.class,
            PythonObject.class,
            Global.class);

    private final Map<Object, Object> values = new LinkedHashMap<>();

    /** Adds alternating keys and values. */
    void putAll(List<Object> alternating) throws Malformed {
        if (alternating.size() % 2 != 0) {
            throw new Malformed("a key without a value", "keys and values in pairs");
        }
        for (int i = 0; i < alternating.size(); i += 2) {
            Object key = alternating.get(i) instanceof ByteString string ? string.text() : alternating.get(i);
            if (key != null && !KEYS.contains(key.getClass())) {
                throw new Malformed(
                        ValueTypes.nameOf(key) + " is used as a key",
                        "text, a number, a truth value, None or a tuple as a key");
            }
            values.put(key, alternating.get(i + 1));
        }
    }

    Map<Object, Object> values() {
        return values;
    }
}
