package io.portolan.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.Optional;

/** The types of a tensor's elements, with ONNX's names. */
public enum ElementType {
    BOOL(1, OnnxJavaType.BOOL),
    UINT8(1, OnnxJavaType.UINT8),
    UINT16(2, OnnxJavaType.INT16),
    UINT32(4, OnnxJavaType.INT32),
    UINT64(8, OnnxJavaType.INT64),
    INT8(1, OnnxJavaType.INT8),
    INT16(2, OnnxJavaType.INT16),
    INT32(4, OnnxJavaType.INT32),
    INT64(8, OnnxJavaType.INT64),
    FLOAT16(2, OnnxJavaType.FLOAT16),
    BFLOAT16(2, OnnxJavaType.BFLOAT16),
    FLOAT(4, OnnxJavaType.FLOAT),
    DOUBLE(8, OnnxJavaType.DOUBLE),

    /** Text of any length; {@link Tensor} describes its memory layout. */
    STRING(0, OnnxJavaType.STRING);

    private static final String NATIVE_PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

    private final int bytes;
    private final OnnxJavaType carrier;

    ElementType(int bytes, OnnxJavaType carrier) {
        this.bytes = bytes;
        this.carrier = carrier;
    }

    /** The size of an element in bytes; 0 for strings, whose sizes vary. */
    public int bytes() {
        return bytes;
    }

    /** The type in which ONNX Runtime's Java interface takes these bytes; its only unsigned type is UINT8. */
    OnnxJavaType carrier() {
        return carrier;
    }

    boolean isCarriedAsItself() {
        return name().equals(carrier.name());
    }

    /** Returns the type of a tensor; empty for complex numbers and other unsupported types. */
    static Optional<ElementType> of(TensorInfo info) {
        String name = info.onnxType.name().substring(NATIVE_PREFIX.length());
        for (ElementType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
