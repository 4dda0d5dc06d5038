package io.portolan.checkpoints.hdf5;

import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The element types of HDF5 that have a counterpart. */
final class Hdf5Type {
    /** A format of floating-point numbers; its size follows from the widths. */
    private record FloatFormat(int exponentBits, int mantissaBits, int bias) {}

    private static final Map<FloatFormat, ElementType> FLOATS = Map.of(
            new FloatFormat(5, 10, 15), ElementType.FLOAT16,
            new FloatFormat(8, 7, 127), ElementType.BFLOAT16,
            new FloatFormat(8, 23, 127), ElementType.FLOAT32,
            new FloatFormat(11, 52, 1023), ElementType.FLOAT64);

    private static final Map<Integer, ElementType> SIGNED =
            Map.of(1, ElementType.INT8, 2, ElementType.INT16, 4, ElementType.INT32, 8, ElementType.INT64);
    private static final Map<Integer, ElementType> UNSIGNED =
            Map.of(1, ElementType.UINT8, 2, ElementType.UINT16, 4, ElementType.UINT32, 8, ElementType.UINT64);

    /** How h5py writes truth values: an enumeration of one byte. */
    private static final Set<String> TRUTH = Set.of("FALSE", "TRUE");

    private Hdf5Type() {}

    /** The type of elements; empty for text, records, references, opaque bytes and numbers of unusual widths. */
    static Optional<DType> of(DataType type) {
        if (type instanceof FloatingPoint number) {
            return floating(number).map(element -> new DType(element, number.getByteOrder()));
        }
        if (type instanceof FixedPoint number) {
            boolean whole = number.getBitOffset() == 0 && number.getBitPrecision() == Byte.SIZE * number.getSize();
            Map<Integer, ElementType> types = number.isSigned() ? SIGNED : UNSIGNED;
            return Optional.ofNullable(whole ? types.get(number.getSize()) : null)
                    .map(element -> new DType(element, number.getByteOrder()));
        }
        if (type instanceof EnumDataType names
                && names.getSize() == 1
                && TRUTH.equals(Set.copyOf(names.getEnumMapping().values()))) {
            return Optional.of(new DType(ElementType.BOOL, ByteOrder.LITTLE_ENDIAN));
        }
        return Optional.empty();
    }

    private static Optional<ElementType> floating(FloatingPoint number) {
        FloatFormat format =
                new FloatFormat(number.getExponentSize(), number.getMantissaSize(), number.getExponentBias());
        int bits = Byte.SIZE * number.getSize();
        boolean plain = number.getBitOffset() == 0
                && number.getMantissaLocation() == 0
                && number.getExponentLocation() == format.mantissaBits()
                && number.getSignLocation() == bits - 1;
        return Optional.ofNullable(FLOATS.get(format)).filter(type -> plain && type.bits() == bits);
    }
}
