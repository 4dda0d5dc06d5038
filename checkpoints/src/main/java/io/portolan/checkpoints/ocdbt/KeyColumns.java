package io.portolan.checkpoints.ocdbt;

import io.portolan.checkpoints.values.CheckpointException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Byte strings in columns, each given by the length that it shares with the string before it and by the rest, as in
 * tables of data files and in nodes.
 */
final class KeyColumns {
    /** The longest key or path of the format. */
    static final int LONGEST = 65_535;

    private final String field;
    private final int[] prefixes;
    private final int[] suffixes;

    private KeyColumns(String field, int[] prefixes, int[] suffixes) {
        this.field = field;
        this.prefixes = prefixes;
        this.suffixes = suffixes;
    }

    /** Reads the two columns of lengths; further columns may stand between them and the text. */
    static KeyColumns lengths(String field, BodyInput in, int count) throws CheckpointException {
        int[] shared = in.numbers("the shared lengths of " + field, Math.max(0, count - 1), LONGEST);
        int[] prefixes = new int[count];
        System.arraycopy(shared, 0, prefixes, Math.min(1, count), shared.length);
        return new KeyColumns(field, prefixes, in.numbers("the lengths of " + field, count, LONGEST));
    }

    /**
     * Reads the text of the strings.
     *
     * @param budget what their total length is taken from, since short columns may mean long strings
     */
    byte[][] texts(BodyInput in, Budget budget) throws CheckpointException {
        byte[][] texts = new byte[suffixes.length][];
        byte[] previous = new byte[0];
        for (int i = 0; i < texts.length; i++) {
            int length = prefixes[i] + suffixes[i];
            if (prefixes[i] > previous.length || length > LONGEST) {
                throw in.error(
                        field + " with a text of " + length + " bytes, " + prefixes[i] + " of them shared with "
                                + previous.length,
                        "no more than the text before it has, and at most " + LONGEST);
            }
            budget.takeText(in.name(), length);
            ByteBuffer suffix = in.bytes(field, suffixes[i]);
            byte[] text = Arrays.copyOf(previous, length);
            suffix.get(text, prefixes[i], suffixes[i]);
            texts[i] = text;
            previous = text;
        }
        return texts;
    }
}
