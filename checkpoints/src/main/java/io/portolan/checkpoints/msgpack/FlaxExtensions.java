package io.portolan.checkpoints.msgpack;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Quotation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The extensions of {@code flax.serialization} to MessagePack: arrays, numpy scalars, complex numbers, and arrays in
 * chunks.
 */
final class FlaxExtensions {
    static final int ARRAY = 1;
    static final int COMPLEX = 2;
    static final int SCALAR = 3;
    static final String CHUNKED = "__msgpack_chunked_array__";
    static final String SHAPE = "shape";
    static final String CHUNKS = "chunks";

    private static final int MOST_AXES = 64;

    private FlaxExtensions() {}

    static Object read(int type, MessagePackReader data) throws CheckpointException {
        return switch (type) {
            case ARRAY -> array(data);
            case SCALAR -> scalar(data);
            case COMPLEX -> complex(data);
            default ->
                throw data.input()
                        .error(
                                "extension type " + type,
                                "1, 2 or 3, as Flax writes arrays, complex numbers and scalars");
        };
    }

    /** Reads an array, encoded as a MessagePack array of shape, type name and bytes. */
    private static ArrayData array(MessagePackReader reader) throws CheckpointException {
        MessagePackInput data = reader.input();
        if (!(reader.only() instanceof List<?> parts)
                || parts.size() != 3
                || !(parts.get(0) instanceof List<?> shape)
                || !(parts.get(1) instanceof String name)
                || !(parts.get(2) instanceof ArrayData bytes)
                || bytes.type() != ElementType.UINT8) {
            throw data.error("an array that is not made of shape, type and bytes", "what flax.serialization writes");
        }
        ElementType type = ElementType.named(name)
                .orElseThrow(() -> data.error(
                        "element type " + Quotation.of(name),
                        "a number type such as 'float32' (objects, records and text are not read)"));
        return of(type, sizes(shape, data), bytes.region(), data);
    }

    private static ArrayData scalar(MessagePackReader data) throws CheckpointException {
        ArrayData array = array(data);
        if (array.rank() != 0) {
            throw data.input().error("a scalar with " + array.rank() + " axes", "none");
        }
        return array;
    }

    /** Reads a complex number, encoded as a MessagePack array of its parts. */
    private static ArrayData complex(MessagePackReader reader) throws CheckpointException {
        MessagePackInput data = reader.input();
        if (!(reader.only() instanceof List<?> parts)
                || parts.size() != 2
                || !(parts.get(0) instanceof Double real)
                || !(parts.get(1) instanceof Double imaginary)) {
            throw data.error("a complex number that is no pair of numbers", "its real and imaginary part");
        }
        ByteBuffer pair = ByteBuffer.allocate(2 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return ArrayData.of(
                ElementType.COMPLEX128,
                new long[0],
                pair.putDouble(real).putDouble(imaginary).flip());
    }

    static boolean isChunked(Map<Object, Object> map) {
        return map.containsKey(CHUNKED);
    }

    /**
     * Joins a large array, which Flax splits into flat chunks: {@code {shape: {"0": n, …}, chunks: {"0": array, …}}}.
     */
    static ArrayData joined(Map<Object, Object> map, MessagePackInput in) throws CheckpointException {
        if (!Boolean.TRUE.equals(map.get(CHUNKED))
                || map.size() != 3
                || !(map.get(SHAPE) instanceof Map<?, ?> shape)
                || !(map.get(CHUNKS) instanceof Map<?, ?> chunks)) {
            throw in.error("a chunked array that is not made of shape and chunks", "what flax.serialization writes");
        }
        List<ByteBuffer> parts = new ArrayList<>();
        ElementType type = null;
        for (Object chunk : numbered(chunks, in)) {
            if (!(chunk instanceof ArrayData array) || array.rank() != 1 || type != null && array.type() != type) {
                throw in.error("a chunk that is no flat array of the others' type", "what flax.serialization writes");
            }
            type = array.type();
            parts.addAll(array.region().buffers());
        }
        if (type == null) {
            throw in.error("a chunked array without chunks", "at least one");
        }
        ByteRegion joined = ByteRegion.joined(parts);
        // One copy now, where it fits a buffer, instead of one whenever the array is used.
        ByteRegion elements = joined.fitsBuffer() ? ByteRegion.of(joined.buffer()) : joined;
        return of(type, sizes(numbered(shape, in), in), elements, in);
    }

    /** The values of a map whose keys are the texts "0", "1", … */
    private static List<?> numbered(Map<?, ?> map, MessagePackInput in) throws CheckpointException {
        Object[] values = new Object[map.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = map.get(Integer.toString(i));
            if (values[i] == null) {
                throw in.error("no part " + i + " of a chunked array", "parts numbered from 0");
            }
        }
        return List.of(values);
    }

    private static ArrayData of(ElementType type, long[] shape, ByteRegion bytes, MessagePackInput in)
            throws CheckpointException {
        try {
            return ArrayData.of(type, shape, bytes);
        } catch (IllegalArgumentException impossible) {
            throw in.error(impossible.getMessage(), "a shape that accounts for every byte");
        }
    }

    private static long[] sizes(List<?> shape, MessagePackInput in) throws CheckpointException {
        long[] sizes = new long[shape.size()];
        for (int i = 0; i < sizes.length; i++) {
            if (sizes.length > MOST_AXES || !(shape.get(i) instanceof Long size) || size < 0) {
                throw in.error(
                        "a shape that is not made of sizes", "at most " + MOST_AXES + " integers, none negative");
            }
            sizes[i] = size;
        }
        return sizes;
    }
}
