package io.portolan.programs.stablehlo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The elements of a constant tensor: row-major, little-endian, {@link ElementType#bytes()} each (booleans are bytes 0 and 1, complex
 * numbers the real part followed by the imaginary one). A splat holds one element for all, whatever the size of the tensor. Immutable;
 * equal by type and content.
 */
public final class Elements {
    private final TensorType type;
    private final ByteBuffer bytes;

    /**
     * Wraps elements without a copy; the caller must not change them afterwards.
     *
     * @param type the static type of the tensor
     * @param bytes all elements, or one for all, from position to limit
     * @throws IllegalArgumentException if there are neither one nor all
     */
    public Elements(TensorType type, ByteBuffer bytes) {
        if (!type.isStatic()) {
            throw new IllegalArgumentException("a constant has a static type, not " + type);
        }
        int width = type.element().bytes();
        long held = bytes.remaining() / width;
        long count = type.count();
        if (bytes.remaining() % width != 0 || held != count && !(held == 1 && count > 0)) {
            throw new IllegalArgumentException(
                    "%s has %d elements of %d bytes, got %d bytes".formatted(type, count, width, bytes.remaining()));
        }
        this.type = type;
        this.bytes = bytes.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Numbers of an integer or boolean type. */
    public static Elements ofLongs(TensorType type, long... numbers) {
        int width = type.element().bytes();
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(numbers.length, width));
        for (long number : numbers) {
            for (int i = 0; i < width; i++) {
                buffer.put((byte) (number >>> 8 * i));
            }
        }
        return new Elements(type, buffer.flip());
    }

    /** The type of the tensor. */
    public TensorType type() {
        return type;
    }

    /** Whether one element is held for all of several. */
    public boolean isSplat() {
        return held() == 1 && type.count() > 1;
    }

    /** The number of elements that are held: 1 for a splat. */
    public int held() {
        return bytes.limit() / type.element().bytes();
    }

    /** The held elements as a read-only little-endian buffer. */
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All elements as little-endian bytes, a splat repeated; the caller has checked that so many fit into memory. */
    public ByteBuffer expanded() {
        if (!isSplat()) {
            return bytes();
        }
        byte[] one = new byte[bytes.limit()];
        bytes().get(one);
        int count = Math.toIntExact(type.count());
        ByteBuffer all =
                ByteBuffer.allocate(Math.multiplyExact(count, one.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            all.put(one);
        }
        return all.flip();
    }

    /** A held element of an integer or boolean type, widened; of a splat, every index gives the one. */
    public long longAt(int index) {
        ElementType element = type.element();
        int width = element.bytes();
        int from = (isSplat() ? 0 : index) * width;
        long number = 0;
        for (int i = 0; i < width; i++) {
            number |= Byte.toUnsignedLong(bytes.get(from + i)) << 8 * i;
        }
        int unused = 64 - element.bits();
        return element.kind() == ElementType.Kind.SIGNED ? number << unused >> unused : number << unused >>> unused;
    }

    /** A held element of type f32, f64, f16 or bf16, widened; of a splat, every index gives the one. */
    public double doubleAt(int index) {
        int at = isSplat() ? 0 : index;
        return switch (type.element()) {
            case F32 -> bytes.getFloat(at * 4);
            case F64 -> bytes.getDouble(at * 8);
            case BF16 -> Float.intBitsToFloat(bytes.getShort(at * 2) << 16);
            case F16 -> half(bytes.getShort(at * 2));
            default -> throw new IllegalStateException(type + " elements are not floats of 16 bits or more");
        };
    }

    private static double half(short bits) {
        int exponent = bits >> 10 & 31;
        int mantissa = bits & 1023;
        double size = exponent == 31
                ? mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : exponent == 0 ? mantissa * 0x1p-24 : (mantissa + 1024) * Math.scalb(1.0, exponent - 25);
        return bits < 0 ? -size : size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Elements that && type.equals(that.type) && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + bytes.hashCode();
    }

    @Override
    public String toString() {
        return (isSplat() ? "splat " : "") + type;
    }
}
