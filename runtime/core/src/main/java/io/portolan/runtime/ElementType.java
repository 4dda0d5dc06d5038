package io.portolan.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.Optional;

/** What the elements of a tensor are, by ONNX's names. */
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

    /** Text of any length; see {@link Tensor} for how it lies in memory. */
    STRING(0, OnnxJavaType.STRING);

    private static final String NATIVE_PREFIX = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

    private final int bytes;
    private final OnnxJavaType carrier;

    ElementType(int bytes, OnnxJavaType carrier) {
        this.bytes = bytes;
        this.carrier = carrier;
    }

    /** Bytes of an element; 0 for strings, which differ. */
    public int bytes() {
        return bytes;
    }

    /** The type as which ONNX Runtime's Java interface takes these bytes; it knows no unsigned ones but UINT8. */
    OnnxJavaType carrier() {
        return carrier;
    }

    boolean isCarriedAsItself() {
        return name().equals(carrier.name());
    }

    /** Empty for complex numbers and others that nothing here can hold. */
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
