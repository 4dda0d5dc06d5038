package io.portolan.checkpoints.pickle;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The constructors for globals of Python and Flax. */
final class PlainConstructors {
    private static final int HIGHEST_LATIN1 = 0xFF;

    private PlainConstructors() {}

    static Object orderedDict(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(0, 0, "no arguments: items are set afterwards");
        return new PythonDict();
    }

    /** Builds a defaultdict, whose factory is ignored because the dictionary is only read. */
    static Object defaultDict(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(0, 1, "a factory at most: items are set afterwards");
        if (arguments.size() == 1 && arguments.get(0) != null && !(arguments.get(0) instanceof PythonObject)) {
            arguments.get(0, Global.class, "a type as factory");
        }
        return new PythonDict();
    }

    static Object frozenDict(PythonTuple arguments, Meter meter) throws Malformed {
        return arguments.requireSize(1, 1, "one dictionary").get(0, PythonDict.class, "a dictionary to freeze");
    }

    /** Builds a set that shares its elements with the argument, because a pickle could request any number of copies. */
    static Object set(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(0, 1, "one list at most");
        return arguments.size() == 0 ? new PythonList() : elements(arguments.get(0));
    }

    /** {@code deque()} or {@code deque(elements, maxlen)}; the length is ignored because the deque is only read. */
    static Object deque(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(0, 2, "a list and the greatest length at most");
        if (arguments.size() == 2) {
            arguments.get(1, Long.class, "the greatest length");
        }
        return arguments.size() == 0 ? new PythonList() : elements(arguments.get(0));
    }

    static Object emptyBytes(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(0, 0, "no arguments, for empty bytes");
        return ByteRegion.of(ByteBuffer.allocate(0));
    }

    /** {@code bytearray()}, {@code bytearray(bytes)} or, in Python 2, {@code bytearray(text, 'latin-1')}. */
    static Object byteArray(PythonTuple arguments, Meter meter) throws Malformed {
        return switch (arguments
                .requireSize(0, 2, "bytes, or text and 'latin-1'")
                .size()) {
            case 0 -> ByteRegion.of(ByteBuffer.allocate(0));
            case 1 -> arguments.get(0, ByteRegion.class, "bytes");
            default -> latin1(arguments, "latin-1", meter);
        };
    }

    static Object complex(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(2, 2, "a real and an imaginary part");
        ByteBuffer parts = ByteBuffer.allocate(2 * Double.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(arguments.get(0, Double.class, "a real part"))
                .putDouble(arguments.get(1, Double.class, "an imaginary part"));
        return ArrayData.of(ElementType.COMPLEX128, new long[0], parts.flip());
    }

    static Object encode(PythonTuple arguments, Meter meter) throws Malformed {
        return latin1(arguments.requireSize(2, 2, "a text and 'latin1'"), "latin1", meter);
    }

    /**
     * {@code _reconstructor(class, base, state)}: the state has the fields of a named tuple; it is empty for other
     * records.
     */
    static Object record(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(3, 3, "a class, its base and the base's state");
        Global type = arguments.get(0, Global.class, "a class");
        arguments.get(1, Global.class, "a base class");
        if (arguments.get(2) == null) {
            return type.call(PythonTuple.EMPTY, meter);
        }
        return type.call(arguments.get(2, PythonTuple.class, "the fields as a tuple"), meter);
    }

    private static PythonList elements(Object container) throws Malformed {
        return container instanceof PythonTuple tuple
                ? new PythonList(tuple.values())
                : ValueTypes.require(PythonList.class, container, "a list of elements");
    }

    private static ByteRegion latin1(PythonTuple arguments, String encoding, Meter meter) throws Malformed {
        String text = arguments.get(0, String.class, "a text to encode");
        if (!encoding.equals(arguments.get(1))) {
            throw new Malformed("an unknown encoding", "'" + encoding + "'");
        }
        meter.copy(text.length());
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            char character = text.charAt(i);
            if (character > HIGHEST_LATIN1) {
                throw new Malformed("character " + (int) character + " is not latin1", "bytes kept as text");
            }
            bytes[i] = (byte) character;
        }
        return ByteRegion.of(ByteBuffer.wrap(bytes));
    }
}
