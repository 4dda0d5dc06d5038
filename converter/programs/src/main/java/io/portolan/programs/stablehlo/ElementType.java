package io.portolan.programs.stablehlo;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The element types of tensors, with their names in StableHLO text. */
public enum ElementType {
    I1("i1", Kind.BOOLEAN, 1),
    I2("i2", Kind.SIGNED, 2),
    I4("i4", Kind.SIGNED, 4),
    I8("i8", Kind.SIGNED, 8),
    I16("i16", Kind.SIGNED, 16),
    I32("i32", Kind.SIGNED, 32),
    I64("i64", Kind.SIGNED, 64),
    UI2("ui2", Kind.UNSIGNED, 2),
    UI4("ui4", Kind.UNSIGNED, 4),
    UI8("ui8", Kind.UNSIGNED, 8),
    UI16("ui16", Kind.UNSIGNED, 16),
    UI32("ui32", Kind.UNSIGNED, 32),
    UI64("ui64", Kind.UNSIGNED, 64),
    BF16("bf16", Kind.FLOAT, 16),
    F16("f16", Kind.FLOAT, 16),
    F32("f32", Kind.FLOAT, 32),
    F64("f64", Kind.FLOAT, 64),
    F8E4M3FN("f8E4M3FN", Kind.FLOAT, 8),
    F8E5M2("f8E5M2", Kind.FLOAT, 8),
    F8E4M3FNUZ("f8E4M3FNUZ", Kind.FLOAT, 8),
    F8E5M2FNUZ("f8E5M2FNUZ", Kind.FLOAT, 8),
    F8E4M3B11FNUZ("f8E4M3B11FNUZ", Kind.FLOAT, 8),
    F8E4M3("f8E4M3", Kind.FLOAT, 8),
    F8E3M4("f8E3M4", Kind.FLOAT, 8),
    F8E8M0FNU("f8E8M0FNU", Kind.FLOAT, 8),
    F4E2M1FN("f4E2M1FN", Kind.FLOAT, 4),
    F6E2M3FN("f6E2M3FN", Kind.FLOAT, 6),
    F6E3M2FN("f6E3M2FN", Kind.FLOAT, 6),
    TF32("tf32", Kind.FLOAT, 32),
    C64("complex<f32>", Kind.COMPLEX, 64),
    C128("complex<f64>", Kind.COMPLEX, 128),
    INDEX("index", Kind.SIGNED, 64);

    /** What the elements are. */
    public enum Kind {
        BOOLEAN,
        SIGNED,
        UNSIGNED,
        FLOAT,
        COMPLEX
    }

    private static final Map<String, ElementType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(ElementType::toString, Function.identity()));

    private final String text;
    private final Kind kind;
    private final int bits;

    ElementType(String text, Kind kind, int bits) {
        this.text = text;
        this.kind = kind;
        this.bits = bits;
    }

    /** The type of a name in StableHLO text; empty if there is none. */
    public static Optional<ElementType> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** What the elements are. */
    public Kind kind() {
        return kind;
    }

    /** The size of an element in bits. */
    public int bits() {
        return bits;
    }

    /** The size of an element in {@link Elements}, in bytes: the bits, rounded up to whole bytes. */
    public int bytes() {
        return (bits + 7) / 8;
    }

    /** Whether elements are pairs of real and imaginary part. */
    public boolean isComplex() {
        return kind == Kind.COMPLEX;
    }

    /** Whether elements are real numbers in floating point. */
    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    /** Whether elements are integers, booleans excluded. */
    public boolean isInteger() {
        return kind == Kind.SIGNED || kind == Kind.UNSIGNED;
    }

    /** The type of the parts of complex elements, otherwise this type. */
    public ElementType part() {
        return switch (this) {
            case C64 -> F32;
            case C128 -> F64;
            default -> this;
        };
    }

    /** The name in StableHLO text, such as {@code ui32} or {@code complex<f32>}. */
    @Override
    public String toString() {
        return text;
    }
}
