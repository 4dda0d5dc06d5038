package io.portolan.checkpoints.values;

import java.util.Arrays;
import java.util.Optional;

/** The element types of arrays in checkpoints, with the names of numpy and ml_dtypes. */
public enum ElementType {
    BOOL("bool", 1),
    INT8("int8", 1),
    INT16("int16", 2),
    INT32("int32", 4),
    INT64("int64", 8),
    UINT8("uint8", 1),
    UINT16("uint16", 2),
    UINT32("uint32", 4),
    UINT64("uint64", 8),
    FLOAT8_E3M4("float8_e3m4", 1),
    FLOAT8_E4M3("float8_e4m3", 1),
    FLOAT8_E4M3B11FNUZ("float8_e4m3b11fnuz", 1),
    FLOAT8_E4M3FN("float8_e4m3fn", 1),
    FLOAT8_E4M3FNUZ("float8_e4m3fnuz", 1),
    FLOAT8_E5M2("float8_e5m2", 1),
    FLOAT8_E5M2FNUZ("float8_e5m2fnuz", 1),
    FLOAT8_E8M0FNU("float8_e8m0fnu", 1),
    FLOAT16("float16", 2),
    BFLOAT16("bfloat16", 2),
    FLOAT32("float32", 4),
    FLOAT64("float64", 8),
    COMPLEX64("complex64", 8),
    COMPLEX128("complex128", 16);

    private final String label;
    private final int bytes;

    ElementType(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** The numpy name, such as {@code float32}. */
    public String label() {
        return label;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Size in bytes of the unit for byte order: half an element for complex types. */
    public int wordBytes() {
        return this == COMPLEX64 || this == COMPLEX128 ? bytes / 2 : bytes;
    }

    /** Whether the type comes from the package ml_dtypes instead of numpy: bfloat16 and the 8-bit floats. */
    public boolean isExtension() {
        return this == BFLOAT16 || label.startsWith("float8");
    }

    /** The type with this numpy name, if it is one of these. */
    public static Optional<ElementType> named(String label) {
        return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst();
    }
}
