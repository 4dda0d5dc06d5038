package io.portolan.converter.ir;

/** The element types a value can have, with the numbers that ONNX's {@code TensorProto.DataType} gives them. */
public enum OnnxType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    UINT16(4, 2),
    INT16(5, 2),
    INT32(6, 4),
    INT64(7, 8),
    /** Texts, whose sizes vary; {@link TensorData} describes how they are stored. */
    STRING(8, 0),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8),
    UINT32(12, 4),
    UINT64(13, 8),
    BFLOAT16(16, 2);

    private final int number;
    private final int bytes;

    OnnxType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /** The number of this type in ONNX files. */
    public int number() {
        return number;
    }

    /** Size of one element in bytes; 0 for texts, whose sizes vary. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are real numbers. */
    public boolean isFloating() {
        return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
    }

    /** Whether elements are integers. */
    public boolean isInteger() {
        return !isFloating() && isNumeric();
    }

    /** Whether elements are integers that cannot be negative. */
    public boolean isUnsigned() {
        return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64;
    }

    /** Whether elements are numbers, that is, neither booleans nor texts. */
    public boolean isNumeric() {
        return this != BOOL && this != STRING;
    }
}
