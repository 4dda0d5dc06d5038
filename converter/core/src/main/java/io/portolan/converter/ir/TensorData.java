package io.portolan.converter.ir;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The elements of a constant: row-major, little-endian, immutable; equal by content. A text is its length in bytes, an integer of four
 * bytes, followed by its bytes in UTF-8.
 */
public final class TensorData {
    private final OnnxType type;
    private final long[] shape;
    private final ByteBuffer bytes;
    private int hash;

    /**
     * Wraps elements without a copy; the caller must not change them afterwards.
     *
     * @param bytes little-endian elements from position to limit
     * @throws IllegalArgumentException if their number does not match the shape
     */
    public TensorData(OnnxType type, long[] shape, ByteBuffer bytes) {
        boolean isText = type == OnnxType.STRING;
        long expected = Math.multiplyExact(count(shape), isText ? (long) Integer.BYTES : type.bytes());
        if (isText ? bytes.remaining() < expected : bytes.remaining() != expected) {
            throw new IllegalArgumentException(
                    "%s%s takes %d bytes, got %d".formatted(type, Arrays.toString(shape), expected, bytes.remaining()));
        }
        this.type = type;
        this.shape = shape.clone();
        this.bytes = bytes.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The same bits as elements of another type of the same size, without a copy.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    public TensorData as(OnnxType other) {
        return new TensorData(other, shape, bytes);
    }

    /** An empty little-endian buffer for as many elements as the shape has. */
    public static ByteBuffer allocate(OnnxType type, long[] shape) {
        return ByteBuffer.allocate(Math.toIntExact(Math.multiplyExact(count(shape), (long) type.bytes())))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Float elements. */
    public static TensorData of(float[] elements, long... shape) {
        ByteBuffer buffer = allocate(OnnxType.FLOAT, new long[] {elements.length});
        buffer.asFloatBuffer().put(elements);
        return new TensorData(OnnxType.FLOAT, shape, buffer);
    }

    /** Texts. */
    public static TensorData ofTexts(List<String> elements, long... shape) {
        List<byte[]> encoded = elements.stream()
                .map(element -> element.getBytes(StandardCharsets.UTF_8))
                .toList();
        int bytes = encoded.stream()
                .mapToInt(element -> Integer.BYTES + element.length)
                .reduce(0, Math::addExact);
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        encoded.forEach(element -> buffer.putInt(element.length).put(element));
        return new TensorData(OnnxType.STRING, shape, buffer.flip());
    }

    /** A vector of integers. */
    public static TensorData ofLongs(long... elements) {
        ByteBuffer buffer = allocate(OnnxType.INT64, new long[] {elements.length});
        buffer.asLongBuffer().put(elements);
        return new TensorData(OnnxType.INT64, new long[] {elements.length}, buffer);
    }

    /** Integers of any type, or booleans as 0 and 1; higher bits than the type has are dropped. */
    public static TensorData ofLongs(OnnxType type, long[] elements, long... shape) {
        ByteBuffer buffer = allocate(type, new long[] {elements.length});
        for (long element : elements) {
            for (int i = 0; i < type.bytes(); i++) {
                buffer.put((byte) (element >>> 8 * i));
            }
        }
        return new TensorData(type, shape, buffer.flip());
    }

    /** A scalar, rounded to the type. */
    public static TensorData scalar(OnnxType type, double value) {
        return ofDoubles(type, new double[] {value});
    }

    /** Numbers, each rounded once to the type. */
    public static TensorData ofDoubles(OnnxType type, double[] elements, long... shape) {
        ByteBuffer buffer = allocate(type, new long[] {elements.length});
        for (double element : elements) {
            switch (type) {
                case FLOAT -> buffer.putFloat((float) element);
                case DOUBLE -> buffer.putDouble(element);
                case INT64, UINT64 -> buffer.putLong((long) element);
                case INT32, UINT32 -> buffer.putInt((int) (long) element);
                case INT16, UINT16 -> buffer.putShort((short) (long) element);
                case INT8, UINT8 -> buffer.put((byte) (long) element);
                case BOOL -> buffer.put((byte) (element != 0 ? 1 : 0));
                case FLOAT16 -> buffer.putShort(Float16.of((float) element));
                case BFLOAT16 -> buffer.putShort(BFloat16.of((float) element));
                case STRING -> throw new IllegalArgumentException("texts are no numbers");
            }
        }
        return new TensorData(type, shape, buffer.flip());
    }

    /** The type of the elements. */
    public OnnxType type() {
        return type;
    }

    /** The sizes of the axes. */
    public long[] shape() {
        return shape.clone();
    }

    /** The number of elements. */
    public int size() {
        return type == OnnxType.STRING ? (int) count(shape) : bytes.limit() / type.bytes();
    }

    /** The elements as a read-only little-endian buffer. */
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The elements with axis {@code permutation[i]} as axis {@code i}. */
    public TensorData transposed(long... permutation) {
        return ConstantEvaluator.transposed(this, permutation);
    }

    /** The same elements in another shape of the same size. */
    public TensorData reshaped(long... sizes) {
        return new TensorData(type, sizes, bytes());
    }

    /** The vector of the elements at these indices. */
    public TensorData picked(int... indices) {
        if (type == OnnxType.STRING) {
            List<String> texts = texts();
            return ofTexts(IntStream.of(indices).mapToObj(texts::get).toList(), indices.length);
        }
        ByteBuffer chosen = allocate(type, new long[] {indices.length});
        for (int index : indices) {
            chosen.put(bytes.slice(index * type.bytes(), type.bytes()));
        }
        return new TensorData(type, new long[] {indices.length}, chosen.flip());
    }

    /** An element of any type, widened; booleans are 0 and 1. */
    public double doubleAt(int index) {
        return switch (type) {
            case FLOAT -> bytes.getFloat(index * 4);
            case DOUBLE -> bytes.getDouble(index * 8);
            case FLOAT16 -> Float16.toFloat(bytes.getShort(index * 2));
            case BFLOAT16 -> BFloat16.toFloat(bytes.getShort(index * 2));
            default -> longAt(index);
        };
    }

    /** An element of an integer or boolean type, widened; of UINT64, its 64 bits. */
    public long longAt(int index) {
        return switch (type) {
            case INT64, UINT64 -> bytes.getLong(index * 8);
            case INT32 -> bytes.getInt(index * 4);
            case UINT32 -> Integer.toUnsignedLong(bytes.getInt(index * 4));
            case INT16 -> bytes.getShort(index * 2);
            case UINT16 -> Short.toUnsignedLong(bytes.getShort(index * 2));
            case INT8 -> bytes.get(index);
            case UINT8, BOOL -> Byte.toUnsignedLong(bytes.get(index));
            default -> throw new IllegalStateException(type + " elements are not integers");
        };
    }

    /** All elements of an integer type, widened. */
    public long[] longs() {
        return IntStream.range(0, size()).mapToLong(this::longAt).toArray();
    }

    /** All elements of an integer type, widened, as a list. */
    public List<Long> longList() {
        return LongStream.of(longs()).boxed().toList();
    }

    /** All elements of a tensor of texts. */
    public List<String> texts() {
        ByteBuffer from = bytes();
        List<String> texts = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            byte[] text = new byte[from.getInt()];
            from.get(text);
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        return texts;
    }

    /** All elements, widened. */
    public double[] doubles() {
        return IntStream.range(0, size()).mapToDouble(this::doubleAt).toArray();
    }

    private static long count(long[] shape) {
        return LongStream.of(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TensorData that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = 31 * (31 * type.hashCode() + Arrays.hashCode(shape)) + hashOfBytes();
        }
        return hash;
    }

    /** Eight bytes at a time, where the hash of a buffer takes one: large weights are compared by their hashes. */
    private int hashOfBytes() {
        ByteBuffer rest = bytes();
        long words = 0;
        while (rest.remaining() >= Long.BYTES) {
            words = 31 * words + rest.getLong();
        }
        return 31 * Long.hashCode(words) + rest.hashCode();
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
