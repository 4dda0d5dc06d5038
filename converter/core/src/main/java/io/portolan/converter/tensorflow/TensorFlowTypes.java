package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.OnnxType;
import java.util.EnumMap;
import java.util.Map;
import org.tensorflow.proto.DataType;

/** Maps TensorFlow's element types to ONNX's. */
public final class TensorFlowTypes {
    private static final Map<DataType, OnnxType> REAL = new EnumMap<>(Map.of(
            DataType.DT_FLOAT, OnnxType.FLOAT,
            DataType.DT_DOUBLE, OnnxType.DOUBLE,
            DataType.DT_HALF, OnnxType.FLOAT16,
            DataType.DT_INT8, OnnxType.INT8,
            DataType.DT_UINT8, OnnxType.UINT8,
            DataType.DT_INT16, OnnxType.INT16,
            DataType.DT_UINT16, OnnxType.UINT16,
            DataType.DT_INT32, OnnxType.INT32,
            DataType.DT_INT64, OnnxType.INT64,
            DataType.DT_BOOL, OnnxType.BOOL));

    private TensorFlowTypes() {}

    static boolean isComplex(DataType type) {
        return type == DataType.DT_COMPLEX64 || type == DataType.DT_COMPLEX128;
    }

    /** The ONNX type of an element; for complex types, of each part. */
    public static OnnxType element(DataType type) {
        if (isComplex(type)) {
            return type == DataType.DT_COMPLEX64 ? OnnxType.FLOAT : OnnxType.DOUBLE;
        }
        OnnxType element = REAL.get(type);
        if (element == null) {
            throw new IllegalArgumentException("expected one of " + REAL.keySet() + ", got " + type);
        }
        return element;
    }
}
