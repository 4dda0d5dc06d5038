package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.OnnxType;
import java.util.EnumMap;
import java.util.Map;
import org.tensorflow.proto.DataType;

/** Maps TensorFlow's element types to ONNX's. */
public final class TensorFlowTypes {
    /** Quantised integers are plain ones; the ranges they stand for are tensors of their own. */
    private static final Map<DataType, OnnxType> REAL = new EnumMap<>(Map.ofEntries(
            Map.entry(DataType.DT_FLOAT, OnnxType.FLOAT),
            Map.entry(DataType.DT_DOUBLE, OnnxType.DOUBLE),
            Map.entry(DataType.DT_HALF, OnnxType.FLOAT16),
            Map.entry(DataType.DT_BFLOAT16, OnnxType.BFLOAT16),
            Map.entry(DataType.DT_INT8, OnnxType.INT8),
            Map.entry(DataType.DT_UINT8, OnnxType.UINT8),
            Map.entry(DataType.DT_INT16, OnnxType.INT16),
            Map.entry(DataType.DT_UINT16, OnnxType.UINT16),
            Map.entry(DataType.DT_INT32, OnnxType.INT32),
            Map.entry(DataType.DT_UINT32, OnnxType.UINT32),
            Map.entry(DataType.DT_INT64, OnnxType.INT64),
            Map.entry(DataType.DT_UINT64, OnnxType.UINT64),
            Map.entry(DataType.DT_BOOL, OnnxType.BOOL),
            Map.entry(DataType.DT_STRING, OnnxType.STRING),
            Map.entry(DataType.DT_QINT8, OnnxType.INT8),
            Map.entry(DataType.DT_QUINT8, OnnxType.UINT8),
            Map.entry(DataType.DT_QINT16, OnnxType.INT16),
            Map.entry(DataType.DT_QUINT16, OnnxType.UINT16),
            Map.entry(DataType.DT_QINT32, OnnxType.INT32)));

    private TensorFlowTypes() {}

    /** Whether elements are complex numbers. */
    public static boolean isComplex(DataType type) {
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
