package io.portolan.converter.stablehlo;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;

/**
 * Maps the element types of StableHLO to ONNX's. Inside a graph, numbers of type bf16 are kept as FLOAT, rounded to bf16 after each
 * operation: ONNX Runtime only moves BFLOAT16 tensors on the CPU.
 */
public final class ElementTypes {
    private static final Map<ElementType, OnnxType> STORED = new EnumMap<>(Map.ofEntries(
            Map.entry(ElementType.I1, OnnxType.BOOL),
            Map.entry(ElementType.I8, OnnxType.INT8),
            Map.entry(ElementType.I16, OnnxType.INT16),
            Map.entry(ElementType.I32, OnnxType.INT32),
            Map.entry(ElementType.I64, OnnxType.INT64),
            Map.entry(ElementType.UI8, OnnxType.UINT8),
            Map.entry(ElementType.UI16, OnnxType.UINT16),
            Map.entry(ElementType.UI32, OnnxType.UINT32),
            Map.entry(ElementType.UI64, OnnxType.UINT64),
            Map.entry(ElementType.F16, OnnxType.FLOAT16),
            Map.entry(ElementType.BF16, OnnxType.BFLOAT16),
            Map.entry(ElementType.F32, OnnxType.FLOAT),
            Map.entry(ElementType.F64, OnnxType.DOUBLE)));

    private ElementTypes() {}

    /** Whether tensors of an element type can be converted. */
    public static boolean isSupported(ElementType type) {
        return STORED.containsKey(type.part());
    }

    /**
     * The type of inputs and outputs of the model; for complex numbers, that of a part.
     *
     * @throws IllegalArgumentException if ONNX Runtime computes with no such numbers
     */
    public static OnnxType stored(ElementType type) {
        OnnxType stored = STORED.get(type.part());
        if (stored == null) {
            throw new IllegalArgumentException("elements of type " + type + " cannot be converted");
        }
        return stored;
    }

    /** The type inside the graph; for complex numbers, that of a part. */
    public static OnnxType computed(ElementType type) {
        return type == ElementType.BF16 ? OnnxType.FLOAT : stored(type);
    }

    /** The held elements of a constant as in the graph, in a shape of as many; {@code part} 1 gives the imaginary parts of complex numbers. */
    public static TensorData data(Elements elements, int part, long... shape) {
        ElementType type = elements.type().element();
        ByteBuffer bytes = elements.isSplat() && shape.length > 0 ? elements.expanded() : elements.bytes();
        if (type == ElementType.BF16) {
            ByteBuffer wide = TensorData.allocate(OnnxType.FLOAT, shape);
            ByteBuffer halves = bytes.order(ByteOrder.LITTLE_ENDIAN);
            while (halves.hasRemaining()) {
                wide.putFloat(Float.intBitsToFloat(halves.getShort() << 16));
            }
            return new TensorData(OnnxType.FLOAT, shape, wide.flip());
        }
        if (!type.isComplex()) {
            return new TensorData(stored(type), shape, bytes);
        }
        int width = type.bytes() / 2;
        ByteBuffer parts = TensorData.allocate(stored(type), shape);
        for (int at = part * width; at < bytes.limit(); at += 2 * width) {
            parts.put(bytes.slice(at, width));
        }
        return new TensorData(stored(type), shape, parts.flip());
    }
}
