package io.portolan.converter.xla;

import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.TensorType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;

/** TensorFlow's types for those of programs. */
final class XlaTypes {
    private static final Map<ElementType, DataType> TYPES = new EnumMap<>(Map.ofEntries(
            Map.entry(ElementType.I1, DataType.DT_BOOL),
            Map.entry(ElementType.I8, DataType.DT_INT8),
            Map.entry(ElementType.I16, DataType.DT_INT16),
            Map.entry(ElementType.I32, DataType.DT_INT32),
            Map.entry(ElementType.I64, DataType.DT_INT64),
            Map.entry(ElementType.UI8, DataType.DT_UINT8),
            Map.entry(ElementType.UI16, DataType.DT_UINT16),
            Map.entry(ElementType.UI32, DataType.DT_UINT32),
            Map.entry(ElementType.UI64, DataType.DT_UINT64),
            Map.entry(ElementType.F16, DataType.DT_HALF),
            Map.entry(ElementType.BF16, DataType.DT_BFLOAT16),
            Map.entry(ElementType.F32, DataType.DT_FLOAT),
            Map.entry(ElementType.F64, DataType.DT_DOUBLE),
            Map.entry(ElementType.C64, DataType.DT_COMPLEX64),
            Map.entry(ElementType.C128, DataType.DT_COMPLEX128)));

    private XlaTypes() {}

    /**
     * The type of elements.
     *
     * @throws XlaException if TensorFlow cannot pass such elements in and out of a program
     */
    static DataType of(ElementType element) {
        DataType type = TYPES.get(element);
        if (type == null) {
            throw new XlaException("an argument or a result has elements of type " + element);
        }
        return type;
    }

    /** A shape, with unknown sizes as -1. */
    static TensorShapeProto shape(TensorType type) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        type.dims()
                .forEach(dim -> shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dim)));
        return shape.build();
    }

    /** The type of its bytes: another axis for those of an element, if there are several. */
    static TensorType bytes(TensorType type) {
        TensorType bytes = type.withElement(ElementType.UI8);
        int width = type.element().bytes();
        if (width == 1) {
            return bytes;
        }
        List<Long> dims = new ArrayList<>(bytes.dims());
        dims.add((long) width);
        return new TensorType(ElementType.UI8, dims);
    }
}
