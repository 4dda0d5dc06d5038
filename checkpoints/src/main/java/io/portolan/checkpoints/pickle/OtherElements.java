package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject.Form;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The element types of numpy that no {@link ElementType} can hold: text, bytes, dates, records and numbers longer than
 * 64 bits. Their dtypes, arrays and scalars are inert records of what the pickle says about them, which may be metadata
 * but no parameters.
 */
final class OtherElements {
    /** numpy's codes without byte order; the number is the size in bytes, for {@code U} in characters of four bytes. */
    private static final Pattern CODES = Pattern.compile("[SUV]\\d{1,9}|[Mm]8|f(12|16)|c(24|32)");

    /** The class of a scalar by the first letter of its code. */
    private static final Map<Character, String> SCALARS = Map.of(
            'S', "bytes_",
            'U', "str_",
            'V', "void",
            'M', "datetime64",
            'm', "timedelta64",
            'f', "longdouble",
            'c', "clongdouble");

    private static final Global.Name DTYPE = new Global.Name("numpy", "dtype");

    /** The element type of {@code numpy.recarray}, which stands in place of a code. */
    private static final Global.Name RECORD = new Global.Name("numpy", "record");

    /** The calls that make dtypes; the second makes those of text of any length, since numpy 2. */
    private static final Set<String> MAKERS =
            Set.of(DTYPE.toString(), "numpy._core._internal._convert_to_stringdtype_kwargs");

    private static final int BYTES_OF_CHARACTER = 4;

    /** In bytes. */
    private static final int LONGEST_TEXT = 1 << 16;

    private OtherElements() {}

    /** Whether the first argument of {@code numpy.dtype} is such a type. */
    static boolean contains(Object code) {
        return code instanceof Global type && type.name().equals(RECORD)
                || CODES.matcher(text(code)).matches();
    }

    static PythonObject dtype(PythonTuple arguments) {
        return new PythonObject(Form.OPAQUE, DTYPE, arguments);
    }

    /** Whether a value is the dtype of such a type. */
    static boolean isDType(Object value) {
        return value instanceof PythonObject object
                && MAKERS.contains(object.type().toString());
    }

    /**
     * An array, with what numpy gives as its state: {@code (1, shape, dtype, is_fortran, data)}.
     *
     * @param data bytes, or a list where the elements are or hold objects
     */
    static PythonObject array(
            Global.Name type, PythonTuple shape, PythonObject dtype, boolean fortran, Object data, Meter meter)
            throws Malformed {
        Object elements = bytesOr(data);
        requireFit(dtype, NumpyConstructors.sizes(shape, "a dimension"), elements);
        PythonObject array = new PythonObject(Form.OPAQUE, type, PythonTuple.EMPTY);
        array.build(new PythonTuple(Arrays.asList(1L, shape, dtype, fortran, elements)), meter);
        return array;
    }

    /** An array of the arguments of {@code _frombuffer}, which has the order of the axes among them. */
    static PythonObject array(PythonTuple arguments, PythonObject dtype, long[] shape) throws Malformed {
        requireFit(dtype, shape, arguments.get(0));
        return new PythonObject(Form.OPAQUE, NumpyConstructors.NDARRAY, arguments);
    }

    /** A scalar of its class, made of dtype and bytes, or for {@code U} text. */
    static PythonObject scalar(PythonObject dtype, Object data, Meter meter) throws Malformed {
        Object element = bytesOr(data);
        requireFit(dtype, new long[0], element);
        String code = code(dtype);
        if (code.startsWith("U") && element instanceof ByteRegion characters) {
            element = characters(dtype, characters, meter);
        }
        String type = code.isEmpty() ? RECORD.name() : SCALARS.get(code.charAt(0));
        return new PythonObject(
                Form.OPAQUE, new Global.Name(RECORD.module(), type), new PythonTuple(List.of(dtype, element)));
    }

    /** The size of all elements of an array, if the code says the size of one. */
    static Optional<Long> byteCount(PythonObject dtype, long[] shape) {
        String code = code(dtype);
        if (code.isEmpty()) {
            return Optional.empty();
        }
        long[] sizes = Arrays.copyOf(shape, shape.length + 1);
        sizes[shape.length] = Long.parseLong(code.substring(1)) * (code.charAt(0) == 'U' ? BYTES_OF_CHARACTER : 1);
        return ArrayData.countBytes(ElementType.UINT8, sizes);
    }

    /** Whether elements may have fields, and perhaps objects in them. */
    static boolean isStructure(PythonObject dtype) {
        return code(dtype).startsWith("V");
    }

    private static void requireFit(PythonObject dtype, long[] shape, Object data) throws Malformed {
        if (data instanceof ByteRegion bytes
                && !code(dtype).isEmpty()
                && byteCount(dtype, shape).orElse(-1L) != bytes.size()) {
            throw new Malformed(
                    bytes.size() + " bytes for shape " + Arrays.toString(shape) + " of '" + code(dtype) + "'",
                    "a shape that accounts for every byte");
        }
    }

    /** The text of a scalar; the bytes if they are no text, or more than a name or description has. */
    private static Object characters(PythonObject dtype, ByteRegion bytes, Meter meter) throws Malformed {
        if (bytes.size() > LONGEST_TEXT) {
            return bytes;
        }
        meter.copy(bytes.size());
        boolean bigEndian =
                dtype.state() instanceof PythonTuple state && state.size() > 1 && ">".equals(text(state.get(1)));
        IntBuffer points = bytes.buffer()
                .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer();
        StringBuilder text = new StringBuilder();
        while (points.hasRemaining()) {
            int point = points.get();
            if (!Character.isValidCodePoint(point)) {
                return bytes;
            }
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    /** The code of a dtype, empty for one that is made in another way. */
    private static String code(PythonObject dtype) {
        String code =
                dtype.arguments().size() == 0 ? "" : text(dtype.arguments().get(0));
        return CODES.matcher(code).matches() ? code : "";
    }

    private static String text(Object value) {
        if (value instanceof ByteString string) {
            return string.text();
        }
        return value instanceof String text ? text : "";
    }

    /** The bytes of what Python 2 wrote as text, or anything else as it is. */
    private static Object bytesOr(Object data) {
        return data instanceof ByteString string ? string.bytes() : data;
    }
}
