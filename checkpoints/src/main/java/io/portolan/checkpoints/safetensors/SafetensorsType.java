package io.portolan.checkpoints.safetensors;

import io.portolan.checkpoints.values.ElementType;
import java.util.Arrays;
import java.util.Optional;

/** The names of element types in safetensors, which has none for complex128 and most integers and floats below 16 bits. */
enum SafetensorsType {
    BOOL(ElementType.BOOL),
    U8(ElementType.UINT8),
    I8(ElementType.INT8),
    F8_E5M2(ElementType.FLOAT8_E5M2),
    F8_E4M3(ElementType.FLOAT8_E4M3FN),
    F8_E8M0(ElementType.FLOAT8_E8M0FNU),
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

    static Optional<SafetensorsType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    static Optional<SafetensorsType> of(ElementType element) {
        return Arrays.stream(values()).filter(type -> type.element == element).findFirst();
    }
}
