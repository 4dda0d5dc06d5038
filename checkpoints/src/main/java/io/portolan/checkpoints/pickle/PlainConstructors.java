package io.portolan.checkpoints.pickle;

import java.nio.ByteBuffer;

/** What the globals of Python itself and of Flax build. */
final class PlainConstructors {
    private static final int HIGHEST_LATIN1 = 0xFF;

    private PlainConstructors() {
    }

    static Object orderedDict(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(0, 0, "no arguments: items are set afterwards");
        return new PythonDict();
    }

    static Object frozenDict(PythonTuple arguments, Meter meter) throws Malformed {
        return arguments.requireSize(1, 1, "one dictionary").get(0, PythonDict.class, "a dictionary to freeze");
    }

    static Object emptyBytes(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(0, 0, "no arguments, for empty bytes");
        return ByteBuffer.allocate(0);
    }

    static Object encode(PythonTuple arguments, Meter meter) throws Malformed {
        arguments.requireSize(2, 2, "a text and 'latin1'");
        String text = arguments.get(0, String.class, "a text to encode");
        if (!"latin1".equals(arguments.get(1))) {
            throw new Malformed("an unknown encoding", "'latin1'");
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
        return ByteBuffer.wrap(bytes);
    }
}
