package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.numpy.ArrayLayout;
import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Quotation;
import java.util.List;
import java.util.Set;

/** The constructors for numpy's globals. */
final class NumpyConstructors {
    static final Global.Name NDARRAY = new Global.Name("numpy", "ndarray");

    /** The module of the scalar types for which numpy itself has no code. */
    static final String EXTENSIONS = "ml_dtypes";

    /** The type codes of objects: by the size of a pointer, or without. */
    private static final Set<String> OBJECTS = Set.of("O8", "O4", "O");

    /** The classes of arrays that hold nothing but their elements. */
    private static final Set<String> CLASSES = Set.of("ndarray", "memmap", "matrix");

    private NumpyConstructors() {}

    /** Whether a global is the function that creates arrays in protocols below 5, in numpy 1 or 2. */
    static boolean isReconstruct(Global.Name function) {
        return function.name().equals("_reconstruct") && function.module().startsWith("numpy.");
    }

    /** Whether a class of arrays of numpy's holds nothing but their elements, whatever the module it was in. */
    static boolean isArray(Global.Name type) {
        return (type.module().equals("numpy") || type.module().startsWith("numpy.")) && CLASSES.contains(type.name());
    }

    /**
     * {@code _reconstruct(numpy.ndarray, (0,), b'b')}: an array that BUILD fills. An array of a class that could mean
     * anything is a record.
     */
    static Object reconstruct(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(3, 3, "a class, a shape and a type code");
        Global subclass = arguments.get(0, Global.class, "numpy.ndarray");
        if (!isArray(subclass.name())) {
            if (subclass.opaque()) {
                List<Object> values = arguments.values();
                return subclass.call(new PythonTuple(values.subList(1, values.size())), meter);
            }
            throw new Malformed("an array of class " + subclass.name(), "numpy.ndarray");
        }
        return new PendingArray(subclass.name());
    }

    /** {@code dtype(code or scalar type, align, copy)}: a dtype whose byte order BUILD sets. */
    static Object dtype(PythonTuple arguments, Meter meter) throws Malformed {
        Object code = arguments.requireSize(1, 3, "a type, align and copy").get(0);
        if (code instanceof Global scalar && scalar.name().module().equals(EXTENSIONS)) {
            return new PendingDType(ElementType.named(scalar.name().name())
                    .filter(ElementType::isExtension)
                    .orElseThrow(() -> new Malformed(
                            "element type " + Quotation.of(scalar.name().toString()),
                            "a number type of ml_dtypes, such as bfloat16")));
        }
        if (OtherElements.contains(code)) {
            return OtherElements.dtype(arguments);
        }
        String text = ValueTypes.require(String.class, code, "a type code such as 'f4'");
        if (OBJECTS.contains(text)) {
            return new ObjectDType();
        }
        return new PendingDType(DType.element(text)
                .orElseThrow(() ->
                        new Malformed("element type " + Quotation.of(text), "a type that numpy writes, such as 'f4'")));
    }

    /** {@code scalar(dtype, bytes)}: an array of rank 0. */
    static Object scalar(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(2, 2, "a dtype and bytes");
        if (OtherElements.isDType(arguments.get(0))) {
            return OtherElements.scalar(arguments.get(0, PythonObject.class, "a dtype"), arguments.get(1), meter);
        }
        DType dtype = arguments.get(0, PendingDType.class, "a dtype").finished();
        ByteRegion payload = arguments.get(1, ByteRegion.class, "bytes of the scalar");
        return array(ArrayLayout.rowMajor(new long[0]), dtype, payload, meter);
    }

    /** {@code _frombuffer(buffer, dtype, shape, order, axes)}; the axes are given for order 'K' only. */
    static Object fromBuffer(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(4, 5, "a buffer, a dtype, a shape, an order and perhaps the order of the axes");
        ByteRegion payload = arguments.get(0, ByteRegion.class, "bytes of the array");
        long[] shape = sizes(arguments.get(2, PythonTuple.class, "a shape"), "a dimension");
        if (OtherElements.isDType(arguments.get(1))) {
            return OtherElements.array(arguments, arguments.get(1, PythonObject.class, "a dtype"), shape);
        }
        DType dtype = arguments.get(1, PendingDType.class, "a dtype").finished();
        String order = arguments.get(3, String.class, "an order");
        if (arguments.size() == 5 && order.equals("K")) {
            long[] axes = sizes(arguments.get(4, PythonTuple.class, "the order of the axes"), "an axis");
            return array(permuted(shape, axes), dtype, payload, meter);
        }
        return switch (order) {
            case "C" -> array(ArrayLayout.rowMajor(shape), dtype, payload, meter);
            case "F" -> array(ArrayLayout.columnMajor(shape), dtype, payload, meter);
            default ->
                throw new Malformed("array order " + Quotation.of(order), "'C', 'F' or 'K' with the order of the axes");
        };
    }

    /** {@code _restore_array(bytes, code, shape)} of evosax, row-major. */
    static Object restore(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(3, 3, "bytes, a dtype as text and a shape");
        ByteRegion payload = arguments.get(0, ByteRegion.class, "bytes of the array");
        String code = arguments.get(1, String.class, "a dtype as text");
        long[] shape = sizes(arguments.get(2, PythonTuple.class, "a shape"), "a dimension");
        DType dtype = DType.parse(code)
                .orElseThrow(() -> new Malformed("element type " + Quotation.of(code), "a number type such as '<f4'"));
        return array(ArrayLayout.rowMajor(shape), dtype, payload, meter);
    }

    static ArrayData array(ArrayLayout layout, DType dtype, ByteRegion payload, Meter meter) throws Malformed {
        meter.copy(layout.copiedBytes(dtype, payload));
        try {
            return layout.read(dtype, payload);
        } catch (IllegalArgumentException impossible) {
            throw new Malformed(impossible.getMessage(), "a shape that accounts for every byte");
        }
    }

    /** Reads the integers of a shape or of an order of axes, none negative. */
    static long[] sizes(PythonTuple tuple, String what) throws Malformed {
        tuple.requireSize(0, ArrayLayout.MAX_RANK, "at most " + ArrayLayout.MAX_RANK + " axes");
        long[] sizes = new long[tuple.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = tuple.get(i, Long.class, what + " of at most 63 bits");
            if (sizes[i] < 0) {
                throw new Malformed(what + " of " + sizes[i], "0 or more");
            }
        }
        return sizes;
    }

    private static ArrayLayout permuted(long[] shape, long[] axes) throws Malformed {
        int[] narrow = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            narrow[i] = (int) Math.min(axes[i], ArrayLayout.MAX_RANK);
        }
        try {
            return ArrayLayout.permuted(shape, narrow);
        } catch (IllegalArgumentException noPermutation) {
            throw new Malformed(noPermutation.getMessage(), "each axis once");
        }
    }
}
