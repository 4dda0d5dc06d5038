package io.portolan.spark;

import io.portolan.runtime.ElementType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** One element of a tensor as a value of a column: a row for each element type. */
final class Elements {
    private static final BigInteger UINT64_RANGE = BigInteger.ONE.shiftLeft(Long.SIZE);

    private static final Map<ElementType, Elements> BY_TYPE = new EnumMap<>(ElementType.class);

    static {
        define(ElementType.BOOL, DataTypes.BooleanType, b -> b.get() != 0, (v, b) -> b.put((byte) (bool(v) ? 1 : 0)));
        define(ElementType.INT8, DataTypes.ByteType, ByteBuffer::get, (v, b) -> b.put((byte) integer(v, -128, 127)));
        define(
                ElementType.UINT8,
                DataTypes.ShortType,
                b -> (short) (b.get() & 0xff),
                (v, b) -> b.put((byte) integer(v, 0, 0xff)));
        define(
                ElementType.INT16,
                DataTypes.ShortType,
                ByteBuffer::getShort,
                (v, b) -> b.putShort((short) integer(v, Short.MIN_VALUE, Short.MAX_VALUE)));
        define(
                ElementType.UINT16,
                DataTypes.IntegerType,
                b -> b.getShort() & 0xffff,
                (v, b) -> b.putShort((short) integer(v, 0, 0xffff)));
        define(
                ElementType.INT32,
                DataTypes.IntegerType,
                ByteBuffer::getInt,
                (v, b) -> b.putInt((int) integer(v, Integer.MIN_VALUE, Integer.MAX_VALUE)));
        define(
                ElementType.UINT32,
                DataTypes.LongType,
                b -> b.getInt() & 0xffffffffL,
                (v, b) -> b.putInt((int) integer(v, 0, 0xffffffffL)));
        define(
                ElementType.INT64,
                DataTypes.LongType,
                ByteBuffer::getLong,
                (v, b) -> b.putLong(integer(v, Long.MIN_VALUE, Long.MAX_VALUE)));
        define(
                ElementType.UINT64,
                DataTypes.createDecimalType(20, 0),
                b -> unsigned(b.getLong()),
                (v, b) -> b.putLong(unsigned(v)));
        define(ElementType.FLOAT, DataTypes.FloatType, ByteBuffer::getFloat, (v, b) -> b.putFloat((float) real(v)));
        define(ElementType.DOUBLE, DataTypes.DoubleType, ByteBuffer::getDouble, (v, b) -> b.putDouble(real(v)));
        define(ElementType.STRING, DataTypes.StringType, Elements::text, (v, b) -> {
            throw new IllegalStateException("texts vary in size");
        });
    }

    private final DataType column;
    private final Reader reader;
    private final Writer writer;

    private Elements(DataType column, Reader reader, Writer writer) {
        this.column = column;
        this.reader = reader;
        this.writer = writer;
    }

    /** Reads the next element. */
    @FunctionalInterface
    private interface Reader {
        Object read(ByteBuffer from);
    }

    /** Writes a value as the next element. */
    @FunctionalInterface
    private interface Writer {
        void write(Object value, ByteBuffer to);
    }

    private static void define(ElementType type, DataType column, Reader reader, Writer writer) {
        BY_TYPE.put(type, new Elements(column, reader, writer));
    }

    /**
     * The elements of a type.
     *
     * @throws IllegalArgumentException for types that no column holds, which are those of 16-bit floats
     */
    static Elements of(ElementType type, String tensor) {
        Elements elements = BY_TYPE.get(type);
        if (elements == null) {
            throw new IllegalArgumentException(tensor + " is " + type
                    + ", which Spark has no column for; let the model cast it to FLOAT, or use a binary column");
        }
        return elements;
    }

    /** The type of a column that holds one element. */
    DataType column() {
        return column;
    }

    Object read(ByteBuffer from) {
        return reader.read(from);
    }

    /** @throws RowException if the value is no number, or does not fit */
    void write(Object value, ByteBuffer to) {
        writer.write(value, to);
    }

    private static boolean bool(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw new RowException("expected a boolean, got " + described(value));
    }

    private static double real(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        throw new RowException("expected a number, got " + described(value));
    }

    private static long integer(Object value, long least, long most) {
        boolean isInteger =
                value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
        if (isInteger) {
            long number = ((Number) value).longValue();
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new RowException("expected an integer from " + least + " to " + most + ", got " + described(value));
    }

    private static BigDecimal unsigned(long bits) {
        return new BigDecimal(new BigInteger(Long.toUnsignedString(bits)));
    }

    private static long unsigned(Object value) {
        BigInteger number = value instanceof BigDecimal decimal
                        && decimal.stripTrailingZeros().scale() <= 0
                ? decimal.toBigInteger()
                : BigInteger.valueOf(integer(value, 0, Long.MAX_VALUE));
        if (number.signum() < 0 || number.compareTo(UINT64_RANGE) >= 0) {
            throw new RowException("expected an integer from 0 to 18446744073709551615, got " + number);
        }
        return number.longValue();
    }

    private static String text(ByteBuffer from) {
        byte[] bytes = new byte[from.getInt()];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String described(Object value) {
        return value == null ? "null" : value.getClass().getSimpleName() + " " + value;
    }
}
