package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;

/** The strings of the file; each is decoded when it is first used. */
final class StringTable {
    private final ByteCursor bytes;
    private final int[] ends;
    private final String[] decoded;

    private StringTable(ByteCursor bytes, int[] ends) {
        this.bytes = bytes;
        this.ends = ends;
        this.decoded = new String[ends.length];
    }

    /** Reads the section of strings: their number, their sizes from last to first, their bytes from first to last. */
    static StringTable read(ByteCursor section) throws ProgramException {
        int count = section.count("strings");
        int[] ends = new int[count];
        long total = 0;
        for (int i = count - 1; i >= 0; i--) {
            int size = section.count("bytes of a string");
            if (size == 0) {
                throw section.fault("a string has no bytes, expected at least its zero byte");
            }
            ends[i] = size;
            total += size;
        }
        if (total != section.remaining()) {
            throw section.fault("strings have " + total + " bytes in all, expected " + section.remaining());
        }
        for (int i = 1; i < count; i++) {
            ends[i] += ends[i - 1];
        }
        return new StringTable(section.cut(section.remaining()), ends);
    }

    int size() {
        return ends.length;
    }

    /** Reads the number of a string, and gives that string. */
    String read(ByteCursor in, String what) throws ProgramException {
        return get(in.index(ends.length, what));
    }

    /** A string by number. */
    String get(int index) throws ProgramException {
        if (decoded[index] == null) {
            int from = index == 0 ? 0 : ends[index - 1];
            decoded[index] =
                    ByteCursor.text(bytes.part(from, ends[index] - from).take(ends[index] - from - 1));
        }
        return decoded[index];
    }
}
