package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.msgpack.FlaxMessagePack;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.ByteRegion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tree of a checkpoint of older versions, in MessagePack. A leaf is in it, or is a text with the name of an array.
 */
final class AggregateFile {
    private static final String PLACEHOLDER = "PLACEHOLDER://";

    private AggregateFile() {}

    static Object read(StoredValue file, LeafStore leaves) throws IOException {
        return resolved(FlaxMessagePack.read(file.read(ByteRegion.LONGEST_BUFFER), file.name()), leaves);
    }

    /** The value with all arrays in their places. The reader has bounded its depth. */
    private static Object resolved(Object value, LeafStore leaves) throws IOException {
        if (value instanceof Map<?, ?> dictionary) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
                copy.put(entry.getKey(), resolved(entry.getValue(), leaves));
            }
            return Collections.unmodifiableMap(copy);
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            for (Object item : list) {
                copy.add(resolved(item, leaves));
            }
            return Collections.unmodifiableList(copy);
        }
        return value instanceof String text && text.startsWith(PLACEHOLDER)
                ? leaves.array(text.substring(PLACEHOLDER.length()), "array")
                : value;
    }
}
