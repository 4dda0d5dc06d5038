package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.numpy.ArrayLayout;
import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.ByteRegion;

/** An array that {@code _reconstruct} created and BUILD fills. */
final class PendingArray implements Buildable, PendingValue {
    private final Global.Name type;
    private Object array;

    PendingArray(Global.Name type) {
        this.type = type;
    }

    /** Takes {@code (1, shape, dtype, is_fortran, bytes)}. */
    @Override
    public void build(Object state, Meter meter) throws Malformed {
        if (array != null) {
            throw new Malformed("the array is filled already", "one BUILD for each array");
        }
        PythonTuple fields = ValueTypes.require(PythonTuple.class, state, "an array's state")
                .requireSize(5, 5, "version, shape, dtype, Fortran flag and data");
        if (fields.get(0, Long.class, "version 1 of an array's state") != 1) {
            throw new Malformed("version " + fields.get(0) + " of an array's state", "version 1");
        }
        long[] shape = NumpyConstructors.sizes(fields.get(1, PythonTuple.class, "a shape"), "a dimension");
        boolean fortran = fields.get(3, Boolean.class, "True or False for Fortran order");
        if (fields.get(2) instanceof ObjectDType) {
            array = ObjectArrays.of(
                    shape, fields.get(4, PythonList.class, "a list of objects").values(), meter);
            return;
        }
        if (OtherElements.isDType(fields.get(2))) {
            array = OtherElements.array(
                    type,
                    fields.get(1, PythonTuple.class, "a shape"),
                    fields.get(2, PythonObject.class, "a dtype"),
                    fortran,
                    fields.get(4),
                    meter);
            return;
        }
        DType dtype = fields.get(2, PendingDType.class, "a dtype").finished();
        ByteRegion payload = fields.get(4, ByteRegion.class, "the array's data as bytes");
        ArrayLayout layout = fortran ? ArrayLayout.columnMajor(shape) : ArrayLayout.rowMajor(shape);
        array = NumpyConstructors.array(layout, dtype, payload, meter);
    }

    @Override
    public Object finished() throws Malformed {
        if (array == null) {
            throw new Malformed("an array was never filled", "a BUILD for each array");
        }
        return array;
    }
}
