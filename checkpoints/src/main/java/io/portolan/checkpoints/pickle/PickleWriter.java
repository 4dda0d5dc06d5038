package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.numpy.DType;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Tuple;
import io.portolan.checkpoints.values.Utf8;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes plain values as a pickle of protocol 4 that {@code pickle.load} opens with both numpy 1 and 2: built-in
 * containers, and arrays by the name that numpy 2 keeps for old files, {@code numpy.core.multiarray._reconstruct}.
 * Arrays of the types of ml_dtypes (bfloat16 and those of 8 bits and fewer) need the package ml_dtypes to be loaded.
 */
public final class PickleWriter {
    private static final int PROTOCOL = 4;

    private static final long LONGEST_BINBYTES = 0xffffffffL;

    /** The batch size in which Python appends to containers, which bounds the reader's stack. */
    private static final int BATCH = 1000;

    private static final Global.Name RECONSTRUCT = new Global.Name("numpy.core.multiarray", "_reconstruct");
    private static final Global.Name DTYPE = new Global.Name("numpy", "dtype");

    /** The flags in the state of ml_dtypes' dtypes. */
    private static final int EXTENSION_FLAGS = 64;

    private final OutputStream out;
    private final Map<Global.Name, Integer> globals = new HashMap<>();
    private final Map<ElementType, Integer> types = new EnumMap<>(ElementType.class);

    private PickleWriter(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes {@code null}, {@link Boolean}, {@link Long}, {@link BigInteger}, {@link Double}, {@link String},
     * {@link ArrayData}, {@link List}, {@link Tuple} and {@link Map}, nested arbitrarily.
     *
     * @throws IllegalArgumentException if the tree holds anything else
     */
    public static void write(Object tree, OutputStream out) throws IOException {
        PickleWriter writer = new PickleWriter(out);
        writer.op(Opcode.PROTO).bytes(PROTOCOL);
        writer.value(tree);
        writer.op(Opcode.STOP);
    }

    private void value(Object value) throws IOException {
        if (value == null) {
            op(Opcode.NONE);
        } else if (value instanceof Boolean truth) {
            op(truth ? Opcode.NEWTRUE : Opcode.NEWFALSE);
        } else if (value instanceof Long number) {
            integer(number);
        } else if (value instanceof BigInteger number) {
            integer(number);
        } else if (value instanceof Double number) {
            op(Opcode.BINFLOAT).little(Long.reverseBytes(Double.doubleToRawLongBits(number)), Long.BYTES);
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof ArrayData array) {
            array(array);
        } else if (value instanceof List<?> list) {
            list(list);
        } else if (value instanceof Tuple tuple) {
            tuple(tuple);
        } else if (value instanceof Map<?, ?> map) {
            dictionary(map);
        } else {
            throw new IllegalArgumentException(
                    "a plain pickle has no form for " + value.getClass().getSimpleName());
        }
    }

    private void integer(long number) throws IOException {
        if (number == (int) number) {
            op(Opcode.BININT).little(number, Integer.BYTES);
        } else {
            integer(BigInteger.valueOf(number));
        }
    }

    private void integer(BigInteger number) throws IOException {
        byte[] bigEndian = number.toByteArray();
        op(Opcode.LONG4).little(bigEndian.length, Integer.BYTES);
        for (int i = bigEndian.length - 1; i >= 0; i--) {
            out.write(bigEndian[i]);
        }
    }

    private void text(String text) throws IOException {
        byte[] utf8 = Utf8.encodeUnits(text);
        op(Opcode.BINUNICODE).little(utf8.length, Integer.BYTES);
        out.write(utf8);
    }

    private void list(List<?> list) throws IOException {
        op(Opcode.EMPTY_LIST);
        for (int start = 0; start < list.size(); start += BATCH) {
            op(Opcode.MARK);
            for (Object element : list.subList(start, Math.min(list.size(), start + BATCH))) {
                value(element);
            }
            op(Opcode.APPENDS);
        }
    }

    private void tuple(Tuple tuple) throws IOException {
        op(Opcode.MARK);
        for (Object element : tuple.elements()) {
            value(element);
        }
        op(Opcode.TUPLE);
    }

    private void dictionary(Map<?, ?> map) throws IOException {
        op(Opcode.EMPTY_DICT);
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            op(Opcode.MARK);
            for (int i = 0; i < BATCH && entries.hasNext(); i++) {
                Map.Entry<?, ?> entry = entries.next();
                value(entry.getKey());
                value(entry.getValue());
            }
            op(Opcode.SETITEMS);
        }
    }

    /** {@code _reconstruct(numpy.ndarray, (0,), b'b')} with the state {@code (1, shape, dtype, False, bytes)}. */
    private void array(ArrayData array) throws IOException {
        global(RECONSTRUCT);
        global(NumpyConstructors.NDARRAY);
        integer(0);
        op(Opcode.TUPLE1, Opcode.SHORT_BINBYTES).bytes(1, 'b');
        op(Opcode.TUPLE3, Opcode.REDUCE, Opcode.MARK);
        integer(1);
        op(Opcode.MARK);
        for (long size : array.shape()) {
            integer(size);
        }
        op(Opcode.TUPLE);
        dtype(array.type());
        op(Opcode.NEWFALSE);
        if (array.byteCount() <= LONGEST_BINBYTES) {
            op(Opcode.BINBYTES).little(array.byteCount(), Integer.BYTES);
        } else {
            op(Opcode.BINBYTES8).little(array.byteCount(), Long.BYTES);
        }
        array.writeTo(out);
        op(Opcode.TUPLE, Opcode.BUILD);
    }

    /** {@code dtype(code, False, True)} with its byte order as state; written once for each type. */
    private void dtype(ElementType type) throws IOException {
        if (recalls(types.get(type))) {
            return;
        }
        boolean extension = type.isExtension();
        global(DTYPE);
        if (extension) {
            global(new Global.Name(NumpyConstructors.EXTENSIONS, type.label()));
        } else {
            text(DType.code(type));
        }
        op(Opcode.NEWFALSE, Opcode.NEWTRUE, Opcode.TUPLE3, Opcode.REDUCE, Opcode.MARK);
        integer(3);
        // numpy marks its own one-byte types as without byte order, but those of ml_dtypes as little-endian.
        text(extension ? "<" : DType.describe(type).substring(0, 1));
        op(Opcode.NONE, Opcode.NONE, Opcode.NONE);
        integer(extension ? type.bytes() : -1);
        integer(extension ? type.bytes() : -1);
        integer(extension ? EXTENSION_FLAGS : 0);
        op(Opcode.TUPLE, Opcode.BUILD);
        types.put(type, memoize());
    }

    private void global(Global.Name name) throws IOException {
        if (recalls(globals.get(name))) {
            return;
        }
        text(name.module());
        text(name.name());
        op(Opcode.STACK_GLOBAL);
        globals.put(name, memoize());
    }

    private boolean recalls(Integer index) throws IOException {
        if (index != null) {
            op(Opcode.BINGET).bytes(index);
        }
        return index != null;
    }

    /**
     * Stores the topmost value in the memo under the next index, which fits one byte because there are few types and
     * globals.
     */
    private int memoize() throws IOException {
        op(Opcode.MEMOIZE);
        return globals.size() + types.size();
    }

    private PickleWriter op(Opcode... opcodes) throws IOException {
        for (Opcode opcode : opcodes) {
            out.write(opcode.code());
        }
        return this;
    }

    private void bytes(int... values) throws IOException {
        for (int value : values) {
            out.write(value);
        }
    }

    private void little(long value, int width) throws IOException {
        out.write(
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array(),
                0,
                width);
    }
}
