package io.portolan.checkpoints.safetensors;

import io.portolan.checkpoints.values.ElementType;
import java.util.Arrays;
import java.util.Optional;

/**
 * The names of element types in safetensors, which has none for complex128 and most types of ml_dtypes. Of the types below
 * 8 bits only F4 has a layout: two elements in each byte, the first one in the lower bits, as in PyTorch's
 * {@code float4_e2m1fn_x2}. How 6-bit floats are packed is left to whoever writes them, so they cannot be read.
 */
enum SafetensorsType {
    BOOL(ElementType.BOOL),
    F4(ElementType.FLOAT4_E2M1FN),
    U8(ElementType.UINT8),
    I8(ElementType.INT8),
    F8_E5M2(ElementType.FLOAT8_E5M2),
    F8_E4M3(ElementType.FLOAT8_E4M3FN),
    F8_E8M0(ElementType.FLOAT8_E8M0FNU),
    F8_E4M3FNUZ(ElementType.FLOAT8_E4M3FNUZ),
    F8_E5M2FNUZ(ElementType.FLOAT8_E5M2FNUZ),
    I16(ElementType.INT16),
    U16(ElementType.UINT16),
    F16(ElementType.FLOAT16),
    BF16(ElementType.BFLOAT16),
    I32(ElementType.INT32),
    U32(ElementType.UINT32),
    F32(ElementType.FLOAT32),
    C64(ElementType.COMPLEX64),
    F64(ElementType.FLOAT64),
    I64(ElementType.INT64),
    U64(ElementType.UINT64);

    private final ElementType element;

    SafetensorsType(ElementType element) {
        this.element = element;
    }

    ElementType element() {
        return element;
    }

    /** Whether several elements share a byte. */
    boolean isPacked() {
        return element.bits() < Byte.SIZE;
    }

    static Optional<SafetensorsType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** The name to write a type by; packed types have none, since an element in memory has bits that would be lost. */
    static Optional<SafetensorsType> of(ElementType element) {
        return Arrays.stream(values())
                .filter(type -> type.element == element && !type.isPacked())
                .findFirst();
    }
}
