package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.numpy.ArrayLayout;
import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.Quotation;
import java.util.Optional;

/**
 * An array as {@code joblib.dump} writes it since version 0.10: an object with the fields of an array, and right after it
 * the elements; since version 1.2 behind padding, whose length stands in the byte before it. Elements that are objects are
 * a pickle of their own.
 */
final class JoblibArray implements Buildable, InlineData, PendingValue {
    private static final String ALIGNMENT = "numpy_array_alignment_bytes";

    private PythonDict fields;
    private Object array;

    @Override
    public void build(Object state, Meter meter) throws Malformed {
        if (fields != null) {
            throw new Malformed("the array is filled already", "one BUILD for each array");
        }
        fields = ValueTypes.require(PythonDict.class, state, "the fields of an array of joblib");
        Global subclass = field("subclass", Global.class, "the class of an array");
        if (!NumpyConstructors.isArray(subclass.name())) {
            throw new Malformed("an array of class " + subclass.name(), "numpy.ndarray");
        }
    }

    @Override
    public void read(PickleInput input, Machine machine) throws Malformed {
        long[] shape = NumpyConstructors.sizes(field("shape", PythonTuple.class, "a shape"), "a dimension");
        Object dtype = fields.values().get("dtype");
        if (dtype instanceof ObjectDType) {
            array = machine.nested();
            return;
        }
        if (fields.values().get(ALIGNMENT) != null) {
            input.take(input.unsignedByte());
        }
        if (OtherElements.isDType(dtype)) {
            array = other(ValueTypes.require(PythonObject.class, dtype, "a dtype"), shape, input, machine.meter());
            return;
        }
        DType type = ValueTypes.require(PendingDType.class, dtype, "a dtype").finished();
        ArrayLayout layout = isFortran() ? ArrayLayout.columnMajor(shape) : ArrayLayout.rowMajor(shape);
        long bytes = ArrayData.countBytes(type.type(), shape)
                .orElseThrow(() -> new Malformed("a shape that is too large", "one that the file can hold"));
        ByteRegion payload = input.take(bytes);
        array = NumpyConstructors.array(layout, type, payload, machine.meter());
    }

    private boolean isFortran() throws Malformed {
        String order = field("order", String.class, "an order");
        return switch (order) {
            case "C" -> false;
            case "F" -> true;
            default -> throw new Malformed("array order " + Quotation.of(order), "'C' or 'F'");
        };
    }

    /** An array of elements of another type, which stand in the file like numbers if their size is known. */
    private PythonObject other(PythonObject dtype, long[] shape, PickleInput input, Meter meter) throws Malformed {
        Optional<Long> bytes = OtherElements.byteCount(dtype, shape);
        if (bytes.isEmpty() || OtherElements.isStructure(dtype)) {
            throw new Malformed("an array of records, or text of any length", "numbers, dates, or text of one length");
        }
        return OtherElements.array(
                NumpyConstructors.NDARRAY,
                field("shape", PythonTuple.class, "a shape"),
                dtype,
                isFortran(),
                input.take(bytes.get()),
                meter);
    }

    @Override
    public Object finished() throws Malformed {
        if (array == null) {
            throw new Malformed("an array was never filled", "a BUILD for each array");
        }
        return array;
    }

    private <T> T field(String name, Class<T> type, String expectation) throws Malformed {
        return ValueTypes.require(type, fields.values().get(name), expectation);
    }
}
