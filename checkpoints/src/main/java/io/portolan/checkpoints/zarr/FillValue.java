package io.portolan.checkpoints.zarr;

import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Quotation;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The value of the elements in chunks that were not written.
 *
 * @param name the name in errors of the metadata
 * @param type the element type
 * @param json the value as it stands there; null means zero
 * @param isRefused whether all chunks must be there
 */
record FillValue(String name, ElementType type, Object json, boolean isRefused) {
    private static final Pattern BITS = Pattern.compile("0x[0-9a-fA-F]{1,16}");
    private static final int HEXADECIMAL = 16;

    /**
     * Elements of this value.
     *
     * @param bytes the size of all elements together
     * @throws CheckpointException if the value is none of the type
     */
    ByteBuffer elements(int bytes) throws CheckpointException {
        ByteBuffer element = ByteBuffer.allocate(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        List<?> parts =
                type.part() != type && json instanceof List<?> pair && pair.size() == 2 ? pair : List.of(orZero());
        for (Object part : parts) {
            long bits = bits(type.part(), part)
                    .orElseThrow(() -> new CheckpointException(name + ": the fill value "
                            + Quotation.of(String.valueOf(json)) + " of missing chunks: expected 0 or another value of "
                            + type.label()));
            for (int i = 0; i < type.wordBytes(); i++) {
                element.put((byte) (bits >>> i * Byte.SIZE));
            }
        }
        byte[] elements = new byte[bytes];
        for (int start = 0; start < bytes; start += element.capacity()) {
            element.get(0, elements, start, element.capacity());
        }
        return ByteBuffer.wrap(elements);
    }

    /**
     * Requires that a chunk may be missing.
     *
     * @param chunk the chunk, for errors
     */
    void requireAllowed(String chunk) throws CheckpointException {
        if (isRefused) {
            throw new CheckpointException(name + ": the chunk " + chunk
                    + " is missing: expected all of them, as the checkpoint says; the copy may be incomplete");
        }
    }

    private Object orZero() {
        return json == null ? Long.valueOf(0) : json;
    }

    /** The bits of a value; empty if the type has no such value, or its bits are not plain from the number. */
    private static Optional<Long> bits(ElementType type, Object value) {
        if (value instanceof String text && BITS.matcher(text).matches()) {
            return fitting(type, new BigInteger(text.substring(2), HEXADECIMAL));
        }
        return switch (type.kind()) {
            case BOOLEAN -> value instanceof Boolean truth ? Optional.of(truth ? 1L : 0L) : zero(value);
            case SIGNED, UNSIGNED -> integer(type, value);
            case FLOAT -> number(value).flatMap(number -> floating(type, number));
            case COMPLEX -> Optional.empty();
        };
    }

    private static Optional<Long> zero(Object value) {
        return Long.valueOf(0).equals(value) ? Optional.of(0L) : Optional.empty();
    }

    private static Optional<Long> fitting(ElementType type, BigInteger bits) {
        return bits.bitLength() <= type.bits() ? Optional.of(bits.longValue()) : Optional.empty();
    }

    private static Optional<Long> integer(ElementType type, Object value) {
        if (!(value instanceof Long || value instanceof BigInteger)) {
            return Optional.empty();
        }
        BigInteger integer = new BigInteger(value.toString());
        boolean isSigned = type.kind() == ElementType.Kind.SIGNED;
        boolean fits = isSigned
                ? integer.bitLength() < type.bits()
                : integer.signum() >= 0 && integer.bitLength() <= type.bits();
        return fits ? Optional.of(integer.longValue()) : Optional.empty();
    }

    private static Optional<Double> number(Object value) {
        if (value instanceof Number number) {
            return Optional.of(number.doubleValue());
        }
        return Optional.ofNullable(value).filter(String.class::isInstance).flatMap(text -> switch ((String) text) {
            case "NaN" -> Optional.of(Double.NaN);
            case "Infinity" -> Optional.of(Double.POSITIVE_INFINITY);
            case "-Infinity" -> Optional.of(Double.NEGATIVE_INFINITY);
            default -> Optional.empty();
        });
    }

    /** The bits of a number that the type holds exactly: wide types, and in narrow ones positive zero. */
    private static Optional<Long> floating(ElementType type, double number) {
        long plusZero = Double.doubleToLongBits(0.0);
        return switch (type) {
            case FLOAT64 -> Optional.of(Double.doubleToLongBits(number));
            case FLOAT32 -> Optional.of(Integer.toUnsignedLong(Float.floatToIntBits((float) number)));
            case FLOAT8_E8M0FNU -> Optional.empty();
            default -> Double.doubleToLongBits(number) == plusZero ? Optional.of(0L) : Optional.empty();
        };
    }
}
