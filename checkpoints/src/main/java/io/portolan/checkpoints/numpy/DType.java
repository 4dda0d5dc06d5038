package io.portolan.checkpoints.numpy;

import static java.util.Map.entry;

import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A numpy data type that {@link ElementType} can hold, with the byte order of its words.
 *
 * @param type the type of the elements
 * @param order the byte order of each word; without meaning for types of one byte
 */
public record DType(ElementType type, ByteOrder order) {
    private static final Map<String, ElementType> CODES = Map.ofEntries(
            entry("b1", ElementType.BOOL),
            entry("i1", ElementType.INT8),
            entry("i2", ElementType.INT16),
            entry("i4", ElementType.INT32),
            entry("i8", ElementType.INT64),
            entry("u1", ElementType.UINT8),
            entry("u2", ElementType.UINT16),
            entry("u4", ElementType.UINT32),
            entry("u8", ElementType.UINT64),
            entry("f2", ElementType.FLOAT16),
            entry("f4", ElementType.FLOAT32),
            entry("f8", ElementType.FLOAT64),
            entry("c8", ElementType.COMPLEX64),
            entry("c16", ElementType.COMPLEX128));

    /** What numpy calls float8_e5m2, which ml_dtypes registers as a float of one byte. */
    private static final String FLOAT8 = "<f1";

    public DType {
        Objects.requireNonNull(type);
        Objects.requireNonNull(order);
    }

    /**
     * The element type of a code without byte order, such as {@code f4}; empty for objects, text, dates and records.
     */
    public static Optional<ElementType> element(String code) {
        return Optional.ofNullable(CODES.get(code));
    }

    /**
     * An element type with numpy's byte order character: {@code <} little-endian, {@code >} big-endian, {@code |} not
     * applicable. Empty for any other text and for {@code |} on a type with words of several bytes.
     */
    public static Optional<DType> of(ElementType type, String order) {
        return switch (order) {
            case "<" -> Optional.of(new DType(type, ByteOrder.LITTLE_ENDIAN));
            case ">" -> Optional.of(new DType(type, ByteOrder.BIG_ENDIAN));
            case "|" -> Optional.of(new DType(type, ByteOrder.LITTLE_ENDIAN)).filter(dtype -> type.wordBytes() == 1);
            default -> Optional.empty();
        };
    }

    /**
     * Numpy's description of little-endian elements of a type, such as {@code <f4} or {@code |u1}.
     *
     * @throws IllegalArgumentException if the type is not numpy's own
     */
    public static String describe(ElementType type) {
        return (type.wordBytes() == 1 ? "|" : "<") + code(type);
    }

    /**
     * The code of a type without byte order, such as {@code f4}.
     *
     * @throws IllegalArgumentException if the type is not numpy's own
     */
    public static String code(ElementType type) {
        return CODES.entrySet().stream()
                .filter(code -> code.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("numpy has no code for " + type.label()));
    }

    /**
     * The data type of a description with byte order, such as {@code <f4} or {@code |u1}. Of the types of ml_dtypes only one has
     * such a description, {@code <f1}.
     */
    public static Optional<DType> parse(String description) {
        if (description.equals(FLOAT8)) {
            return of(ElementType.FLOAT8_E5M2, "<");
        }
        if (description.isEmpty()) {
            return Optional.empty();
        }
        return element(description.substring(1)).flatMap(type -> of(type, description.substring(0, 1)));
    }
}
