package io.portolan.programs.exported;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes FlatBuffers. A table is a map from field numbers to values: {@link Byte}, {@link Short} and {@link Integer} as they are, texts,
 * {@code byte[]}, {@code short[]} and {@code int[]} as vectors, tables, and lists of tables or texts. A table that occurs twice as the
 * same object is written twice, unless sharing is asked for.
 */
final class FlatWriter {
    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    private final Map<Object, Integer> shared;

    private FlatWriter(boolean isSharing) {
        shared = isSharing ? new java.util.IdentityHashMap<>() : null;
    }

    static byte[] write(Map<Integer, Object> root) {
        return write(root, false);
    }

    static byte[] write(Map<Integer, Object> root, boolean isSharing) {
        FlatWriter writer = new FlatWriter(isSharing);
        int at = writer.reserve(Integer.BYTES);
        writer.refer(at, root);
        return Arrays.copyOf(writer.bytes.array(), writer.bytes.position());
    }

    /** A table from numbers and values in turn. */
    static Map<Integer, Object> table(Object... fields) {
        Map<Integer, Object> table = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            table.put((Integer) fields[i], fields[i + 1]);
        }
        return table;
    }

    private int reserve(int count) {
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        if (bytes.remaining() < count + 8) {
            ByteBuffer larger =
                    ByteBuffer.allocate(2 * (bytes.capacity() + count + 8)).order(ByteOrder.LITTLE_ENDIAN);
            larger.put(bytes.flip());
            bytes = larger;
        }
        int at = bytes.position();
        bytes.position(at + count);
        return at;
    }

    /** Writes a value that is not kept in place, and its offset. Tables and their layouts come behind what refers to them. */
    @SuppressWarnings("unchecked")
    private void refer(int at, Object value) {
        Integer known = shared == null ? null : shared.get(value);
        if (known != null && known > at) {
            bytes.putInt(at, known - at);
            return;
        }
        if (value instanceof Map) {
            table(at, (Map<Integer, Object>) value);
        } else if (value instanceof List<?> items) {
            int vector = vector(at, value, items.size(), Integer.BYTES);
            for (int i = 0; i < items.size(); i++) {
                refer(vector + Integer.BYTES * (i + 1), items.get(i));
            }
        } else if (value instanceof int[] numbers) {
            int vector = vector(at, value, numbers.length, Integer.BYTES);
            for (int i = 0; i < numbers.length; i++) {
                bytes.putInt(vector + Integer.BYTES * (i + 1), numbers[i]);
            }
        } else if (value instanceof short[] numbers) {
            int vector = vector(at, value, numbers.length, Short.BYTES);
            for (int i = 0; i < numbers.length; i++) {
                bytes.putShort(vector + Integer.BYTES + Short.BYTES * i, numbers[i]);
            }
        } else {
            byte[] content = value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) value;
            int vector = vector(at, value, content.length, Byte.BYTES);
            bytes.put(vector + Integer.BYTES, content);
        }
    }

    private int vector(int at, Object value, int length, int elementSize) {
        int vector = reserve(Integer.BYTES + length * elementSize + 1);
        point(at, vector, value);
        bytes.putInt(vector, length);
        return vector;
    }

    private void point(int at, int target, Object value) {
        bytes.putInt(at, target - at);
        if (shared != null) {
            shared.put(value, target);
        }
    }

    private void table(int at, Map<Integer, Object> fields) {
        int slots =
                fields.keySet().stream().mapToInt(number -> number + 1).max().orElse(0);
        int layoutSize = 4 + 2 * slots;
        int layout = reserve(layoutSize);
        int size = 4 + 4 * fields.size();
        int table = reserve(size);
        point(at, table, fields);
        bytes.putShort(layout, (short) layoutSize);
        bytes.putShort(layout + 2, (short) size);
        bytes.putInt(table, table - layout);
        int offset = 4;
        for (Map.Entry<Integer, Object> field : fields.entrySet()) {
            bytes.putShort(layout + 4 + 2 * field.getKey(), (short) offset);
            offset += 4;
        }
        offset = 4;
        for (Object value : fields.values()) {
            if (value instanceof Number number) {
                bytes.putInt(table + offset, number.intValue());
            } else {
                refer(table + offset, value);
            }
            offset += 4;
        }
    }
}
