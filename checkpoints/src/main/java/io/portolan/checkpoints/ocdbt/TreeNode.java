package io.portolan.checkpoints.ocdbt;

import io.portolan.checkpoints.values.CheckpointException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A node of a B+tree. The keys of a node are relative: those of a child continue a prefix of the entry that leads to it.
 *
 * @param name the node's name in errors
 * @param height the distance from the leaves, which have height 0
 * @param children the entries of an interior node, none in a leaf
 * @param values the entries of a leaf, none in an interior node
 */
record TreeNode(String name, int height, List<Child> children, List<Value> values) {
    /** The largest number of entries of the format. */
    private static final int MOST_ENTRIES = 1 << 20;

    /** The values of the field for the kind of a value. */
    private static final int INLINE = 0;

    private static final int STATISTICS = 3;

    /**
     * An entry of an interior node.
     *
     * @param key the smallest key below it
     * @param sharedPrefix the length of the key's start that all keys below it continue
     */
    record Child(byte[] key, int sharedPrefix, NodeReference node) {
        /** The start of all keys below it. */
        byte[] prefix() {
            return Arrays.copyOf(key, sharedPrefix);
        }
    }

    /**
     * An entry of a leaf, whose value is within the leaf or in a file.
     *
     * @param inline the value; null if it is in a file
     * @param file its place in a file; null if it is inline
     */
    record Value(byte[] key, ByteBuffer inline, NodeReference file) {}

    /**
     * Reads a node.
     *
     * @param base the base of the paths of the file that it is in
     */
    static TreeNode read(BodyInput in, String base, Budget budget) throws CheckpointException {
        int height = in.uint8("the height");
        DataFileTable files = DataFileTable.read(in, base, budget);
        int count = in.count("the number of entries", MOST_ENTRIES);
        if (count == 0) {
            throw in.error("a node without entries", "one at least");
        }
        KeyColumns keys = KeyColumns.lengths("keys", in, count);
        TreeNode node = height == 0
                ? new TreeNode(in.name(), height, List.of(), values(in, files, keys.texts(in, budget)))
                : new TreeNode(in.name(), height, children(in, files, keys, count, budget), List.of());
        in.requireEnd();
        return node;
    }

    private static List<Child> children(BodyInput in, DataFileTable files, KeyColumns columns, int count, Budget budget)
            throws CheckpointException {
        int[] shared = in.numbers("the common prefixes of subtrees", count, KeyColumns.LONGEST);
        byte[][] keys = columns.texts(in, budget);
        long[] fileNumbers = in.varints("the files of children", count);
        long[] offsets = in.varints("the offsets of children", count);
        long[] lengths = in.varints("the lengths of children", count);
        for (int i = 0; i < STATISTICS; i++) {
            in.varints("statistics", count);
        }
        List<Child> children = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (shared[i] > keys[i].length) {
                throw in.error(
                        "a common prefix of " + shared[i] + " bytes of a key of " + keys[i].length,
                        "a part of the key");
            }
            children.add(new Child(
                    keys[i], shared[i], new NodeReference(files.file(in, fileNumbers[i]), offsets[i], lengths[i])));
        }
        return children;
    }

    private static List<Value> values(BodyInput in, DataFileTable files, byte[][] keys) throws CheckpointException {
        int count = keys.length;
        long[] lengths = in.varints("the lengths of values", count);
        int[] kinds = in.numbers("the kinds of values", count, 1);
        int inFiles = Arrays.stream(kinds).sum();
        long[] fileNumbers = in.varints("the files of values", inFiles);
        long[] offsets = in.varints("the offsets of values", inFiles);
        List<Value> values = new ArrayList<>(count);
        for (int i = 0, indirect = 0; i < count; i++) {
            if (kinds[i] == INLINE) {
                if (lengths[i] < 0 || lengths[i] > Integer.MAX_VALUE) {
                    throw in.error(
                            "an inline value of " + Long.toUnsignedString(lengths[i]) + " bytes",
                            "one within the node");
                }
                values.add(new Value(keys[i], in.bytes("inline values", (int) lengths[i]), null));
            } else {
                DataFileTable.DataFile file = files.file(in, fileNumbers[indirect]);
                values.add(new Value(keys[i], null, new NodeReference(file, offsets[indirect], lengths[i])));
                indirect++;
            }
        }
        return values;
    }
}
