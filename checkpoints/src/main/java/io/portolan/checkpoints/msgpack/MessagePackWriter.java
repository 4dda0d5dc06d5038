package io.portolan.checkpoints.msgpack;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes plain values as MessagePack, with arrays as in Flax. */
final class MessagePackWriter {
    /** The chunk size of Flax in bytes; larger arrays are split. */
    static final int FLAX_CHUNK = 1 << 30;

    private final DataOutputStream out;
    private final int chunk;

    MessagePackWriter(OutputStream out, int chunk) {
        this.out = new DataOutputStream(out);
        this.chunk = chunk;
    }

    void value(Object value) throws IOException {
        if (value == null) {
            out.write(0xc0);
        } else if (value instanceof Boolean truth) {
            out.write(truth ? 0xc3 : 0xc2);
        } else if (value instanceof Long number) {
            integer(number);
        } else if (value instanceof Double number) {
            out.write(0xcb);
            out.writeLong(Double.doubleToRawLongBits(number));
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof ArrayData array) {
            leaf(array);
        } else if (value instanceof List<?> list) {
            count(list.size(), 0x90, 0xdc);
            for (Object element : list) {
                value(element);
            }
        } else if (value instanceof Map<?, ?> map) {
            count(map.size(), 0x80, 0xde);
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                value(entry.getKey());
                value(entry.getValue());
            }
        } else {
            throw new IllegalArgumentException(
                    "MessagePack has no form for " + value.getClass().getSimpleName());
        }
    }

    private void integer(long number) throws IOException {
        if (number >= -32 && number <= Byte.MAX_VALUE) {
            out.write((byte) number);
        } else {
            out.write(0xd3);
            out.writeLong(number);
        }
    }

    private void text(String text) throws IOException {
        byte[] utf8 = Utf8.encode(text);
        if (utf8.length < 32) {
            out.write(0xa0 | utf8.length);
        } else {
            out.write(0xdb);
            out.writeInt(utf8.length);
        }
        out.write(utf8);
    }

    /** Writes the size of a container: in the first byte up to 15, otherwise in the next two or four bytes. */
    private void count(int size, int fixed, int code) throws IOException {
        if (size < 16) {
            out.write(fixed | size);
        } else if (size < 1 << Short.SIZE) {
            out.write(code);
            out.writeShort(size);
        } else {
            out.write(code + 1);
            out.writeInt(size);
        }
    }

    private void leaf(ArrayData array) throws IOException {
        if (array.byteCount() > chunk) {
            value(chunked(array));
            return;
        }
        byte[] head = head(array);
        out.write(0xc9);
        out.writeInt(head.length + (int) array.byteCount());
        out.write(FlaxExtensions.ARRAY);
        out.write(head);
        array.writeTo(out);
    }

    /** The encoding of an array without its elements: shape, type name and length. */
    private byte[] head(ArrayData array) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MessagePackWriter head = new MessagePackWriter(bytes, chunk);
        head.count(3, 0x90, 0xdc);
        head.count(array.rank(), 0x90, 0xdc);
        for (long size : array.shape()) {
            head.integer(size);
        }
        head.text(array.type().label());
        head.out.write(0xc6);
        head.out.writeInt((int) array.byteCount());
        return bytes.toByteArray();
    }

    private Map<String, Object> chunked(ArrayData array) {
        Map<String, Object> shape = new LinkedHashMap<>();
        for (long size : array.shape()) {
            shape.put(Integer.toString(shape.size()), size);
        }
        Map<String, Object> chunks = new LinkedHashMap<>();
        ElementType type = array.type();
        ByteRegion elements = array.region();
        int step = Math.max(1, chunk / type.bytes()) * type.bytes();
        for (long start = 0; start < elements.size(); start += step) {
            ByteRegion part = elements.slice(start, Math.min(step, elements.size() - start));
            chunks.put(
                    Integer.toString(chunks.size()), ArrayData.of(type, new long[] {part.size() / type.bytes()}, part));
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(FlaxExtensions.CHUNKED, true);
        map.put(FlaxExtensions.SHAPE, shape);
        map.put(FlaxExtensions.CHUNKS, chunks);
        return map;
    }
}
