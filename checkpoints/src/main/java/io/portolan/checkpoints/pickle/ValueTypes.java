package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names of value types for errors, and checked casts of values on the stack. */
final class ValueTypes {
    private static final Map<Class<?>, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(String.class, "text");
        NAMES.put(ByteString.class, "text");
        NAMES.put(Boolean.class, "a truth value");
        NAMES.put(Double.class, "a floating-point number");
        NAMES.put(Number.class, "an integer");
        NAMES.put(ByteRegion.class, "bytes");
        NAMES.put(PythonTuple.class, "a tuple");
        NAMES.put(PythonList.class, "a list");
        NAMES.put(PythonDict.class, "a dictionary");
        NAMES.put(PythonObject.class, "a record");
        NAMES.put(ArrayData.class, "an array");
        NAMES.put(PendingValue.class, "an array");
        NAMES.put(PendingDType.class, "a dtype");
        NAMES.put(ObjectDType.class, "a dtype");
        NAMES.put(Global.class, "a global");
    }

    private ValueTypes() {}

    static String nameOf(Object value) {
        return NAMES.entrySet().stream()
                .filter(entry -> entry.getKey().isInstance(value))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("None");
    }

    static <T> T require(Class<T> type, Object value, String expectation) throws Malformed {
        Object candidate = value instanceof ByteString string ? read(string, type) : value;
        if (!type.isInstance(candidate)) {
            throw new Malformed(nameOf(value) + " is in the wrong place", expectation);
        }
        return type.cast(candidate);
    }

    private static Object read(ByteString string, Class<?> type) {
        return type == ByteRegion.class ? string.bytes() : string.text();
    }
}
