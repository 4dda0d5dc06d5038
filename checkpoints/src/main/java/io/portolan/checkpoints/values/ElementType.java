package io.portolan.checkpoints.values;

import io.portolan.checkpoints.values.SmallFloat.Special;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The element types of arrays in checkpoints, with the names of numpy and ml_dtypes. As in these, an element of fewer
 * than eight bits takes a byte of its own, whose higher bits have no meaning.
 */
public enum ElementType {
    BOOL("bool", Kind.BOOLEAN, 8, Package.NUMPY),
    INT1("int1", Kind.SIGNED, 1, Package.ML_DTYPES),
    INT2("int2", Kind.SIGNED, 2, Package.ML_DTYPES),
    INT4("int4", Kind.SIGNED, 4, Package.ML_DTYPES),
    INT8("int8", Kind.SIGNED, 8, Package.NUMPY),
    INT16("int16", Kind.SIGNED, 16, Package.NUMPY),
    INT32("int32", Kind.SIGNED, 32, Package.NUMPY),
    INT64("int64", Kind.SIGNED, 64, Package.NUMPY),
    UINT1("uint1", Kind.UNSIGNED, 1, Package.ML_DTYPES),
    UINT2("uint2", Kind.UNSIGNED, 2, Package.ML_DTYPES),
    UINT4("uint4", Kind.UNSIGNED, 4, Package.ML_DTYPES),
    UINT8("uint8", Kind.UNSIGNED, 8, Package.NUMPY),
    UINT16("uint16", Kind.UNSIGNED, 16, Package.NUMPY),
    UINT32("uint32", Kind.UNSIGNED, 32, Package.NUMPY),
    UINT64("uint64", Kind.UNSIGNED, 64, Package.NUMPY),
    FLOAT4_E2M1FN("float4_e2m1fn", new SmallFloat(2, 1, 1, Special.NONE), Package.ML_DTYPES),
    FLOAT6_E2M3FN("float6_e2m3fn", new SmallFloat(2, 3, 1, Special.NONE), Package.ML_DTYPES),
    FLOAT6_E3M2FN("float6_e3m2fn", new SmallFloat(3, 2, 3, Special.NONE), Package.ML_DTYPES),
    FLOAT8_E3M4("float8_e3m4", new SmallFloat(3, 4, 3, Special.IEEE), Package.ML_DTYPES),
    FLOAT8_E4M3("float8_e4m3", new SmallFloat(4, 3, 7, Special.IEEE), Package.ML_DTYPES),
    FLOAT8_E4M3B11FNUZ("float8_e4m3b11fnuz", new SmallFloat(4, 3, 11, Special.NEGATIVE_ZERO_IS_NAN), Package.ML_DTYPES),
    FLOAT8_E4M3FN("float8_e4m3fn", new SmallFloat(4, 3, 7, Special.LARGEST_IS_NAN), Package.ML_DTYPES),
    FLOAT8_E4M3FNUZ("float8_e4m3fnuz", new SmallFloat(4, 3, 8, Special.NEGATIVE_ZERO_IS_NAN), Package.ML_DTYPES),
    FLOAT8_E5M2("float8_e5m2", new SmallFloat(5, 2, 15, Special.IEEE), Package.ML_DTYPES),
    FLOAT8_E5M2FNUZ("float8_e5m2fnuz", new SmallFloat(5, 2, 16, Special.NEGATIVE_ZERO_IS_NAN), Package.ML_DTYPES),
    /** Powers of two from 2^-127 to 2^127, and NaN: an exponent without sign and mantissa. */
    FLOAT8_E8M0FNU(
            "float8_e8m0fnu",
            8,
            bits -> bits == 0xff ? Double.NaN : Math.scalb(1.0, (int) bits - 127),
            Package.ML_DTYPES),
    FLOAT16("float16", new SmallFloat(5, 10, 15, Special.IEEE), Package.NUMPY),
    BFLOAT16("bfloat16", 16, bits -> Float.intBitsToFloat((int) bits << Short.SIZE), Package.ML_DTYPES),
    FLOAT32("float32", 32, bits -> Float.intBitsToFloat((int) bits), Package.NUMPY),
    FLOAT64("float64", 64, Double::longBitsToDouble, Package.NUMPY),
    COMPLEX64("complex64", Kind.COMPLEX, 64, Package.NUMPY),
    COMPLEX128("complex128", Kind.COMPLEX, 128, Package.NUMPY);

    /** What the elements are. */
    public enum Kind {
        BOOLEAN,
        SIGNED,
        UNSIGNED,
        FLOAT,
        /** Pairs of real and imaginary part. */
        COMPLEX
    }

    /** The Python package that a type comes from. */
    private enum Package {
        NUMPY,
        ML_DTYPES
    }

    private static final Map<String, ElementType> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toMap(ElementType::label, Function.identity()));

    private final String label;
    private final Kind kind;
    private final int bits;
    private final LongToDoubleFunction decoder;
    private final Package origin;

    ElementType(String label, Kind kind, int bits, LongToDoubleFunction decoder, Package origin) {
        this.label = label;
        this.kind = kind;
        this.bits = bits;
        this.decoder = decoder;
        this.origin = origin;
    }

    /** A type that is no float. */
    ElementType(String label, Kind kind, int bits, Package origin) {
        this(label, kind, bits, ignored -> Double.NaN, origin);
    }

    ElementType(String label, int bits, LongToDoubleFunction decoder, Package origin) {
        this(label, Kind.FLOAT, bits, decoder, origin);
    }

    ElementType(String label, SmallFloat format, Package origin) {
        this(label, format.bits(), bits -> format.decode((int) bits), origin);
    }

    /** The numpy name, such as {@code float32}. */
    public String label() {
        return label;
    }

    /** What the elements are. */
    public Kind kind() {
        return kind;
    }

    /** The width of an element in bits; fewer than eight for types of which ml_dtypes stores one in each byte. */
    public int bits() {
        return bits;
    }

    /** Size of one element in an {@link ArrayData}, in bytes: the bits, rounded up to whole bytes. */
    public int bytes() {
        return (bits + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Size in bytes of the unit for byte order: half an element for complex types. */
    public int wordBytes() {
        return part().bytes();
    }

    /** The type of the two parts of complex elements, otherwise this type. */
    public ElementType part() {
        return switch (this) {
            case COMPLEX64 -> FLOAT32;
            case COMPLEX128 -> FLOAT64;
            default -> this;
        };
    }

    /** Whether the type comes from the package ml_dtypes instead of numpy: bfloat16 and those of 8 bits and fewer. */
    public boolean isExtension() {
        return origin == Package.ML_DTYPES;
    }

    /** Whether elements are integers or truth values, which {@link #longAt} reads. */
    public boolean isInteger() {
        return kind == Kind.BOOLEAN || kind == Kind.SIGNED || kind == Kind.UNSIGNED;
    }

    /**
     * Reads an integer exactly; one of uint64 in two's complement, as {@link Long#toUnsignedString(long)} takes it. Truth
     * values are 0 and 1.
     *
     * @param littleEndian a buffer in little-endian order
     * @param at the byte where the element starts
     * @throws IllegalStateException if the elements are no integers
     */
    public long longAt(ByteBuffer littleEndian, int at) {
        long raw = bitsAt(littleEndian, at);
        int unused = Long.SIZE - bits;
        return switch (kind) {
            case BOOLEAN -> raw == 0 ? 0 : 1;
            case SIGNED -> raw << unused >> unused;
            case UNSIGNED -> raw << unused >>> unused;
            case FLOAT, COMPLEX -> throw new IllegalStateException(label + " elements are no integers");
        };
    }

    /**
     * Reads a number: exactly, but for integers of more than 53 bits, which are rounded.
     *
     * @param littleEndian a buffer in little-endian order
     * @param at the byte where the element starts
     * @throws IllegalStateException if the elements are complex; read their {@link #part() parts}
     */
    public double doubleAt(ByteBuffer littleEndian, int at) {
        return switch (kind) {
            case BOOLEAN, SIGNED -> longAt(littleEndian, at);
            case UNSIGNED -> unsigned(longAt(littleEndian, at));
            case FLOAT -> decoder.applyAsDouble(bitsAt(littleEndian, at));
            case COMPLEX -> throw new IllegalStateException(label + " elements are pairs of numbers");
        };
    }

    /** The type with this numpy name, if it is one of these. */
    public static Optional<ElementType> named(String label) {
        return Optional.ofNullable(BY_LABEL.get(label));
    }

    private long bitsAt(ByteBuffer bytes, int at) {
        return switch (bytes()) {
            case Byte.BYTES -> Byte.toUnsignedLong(bytes.get(at));
            case Short.BYTES -> Short.toUnsignedLong(bytes.getShort(at));
            case Integer.BYTES -> Integer.toUnsignedLong(bytes.getInt(at));
            default -> bytes.getLong(at);
        };
    }

    private static double unsigned(long value) {
        // The lowest bit is kept as a sticky one, so that halving does not change the rounding.
        return value >= 0 ? value : 2.0 * (value >>> 1 | value & 1);
    }
}
