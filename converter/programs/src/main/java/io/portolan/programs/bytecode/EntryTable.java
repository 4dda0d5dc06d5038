package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import java.util.List;

/** Where each attribute, or each type, lies, and whose dialect encodes it. */
final class EntryTable {
    private final ByteCursor data;
    private final List<String> dialects;
    private final int[] ends;
    private final int[] owners;
    private final boolean[] isText;

    private EntryTable(ByteCursor data, List<String> dialects, int count) {
        this.data = data;
        this.dialects = dialects;
        this.ends = new int[count + 1];
        this.owners = new int[count];
        this.isText = new boolean[count];
    }

    /** Both tables. */
    record Pair(EntryTable attributes, EntryTable types) {}

    /** Reads the section of sizes; {@code data} holds the entries without gaps, attributes first. */
    static Pair read(ByteCursor sizes, ByteCursor data, List<String> dialects) throws ProgramException {
        EntryTable attributes = new EntryTable(data, dialects, sizes.count("attributes"));
        EntryTable types = new EntryTable(data, dialects, sizes.count("types"));
        attributes.readSizes(sizes, 0);
        types.readSizes(sizes, attributes.end());
        sizes.requireEnd("the table of attributes and types");
        if (types.end() != data.remaining()) {
            throw data.fault(
                    "attributes and types have " + types.end() + " bytes in all, expected " + data.remaining());
        }
        return new Pair(attributes, types);
    }

    private int end() {
        return ends[ends.length - 1];
    }

    private void readSizes(ByteCursor sizes, int from) throws ProgramException {
        ends[0] = from;
        for (int next = 0; next < owners.length; ) {
            int owner = sizes.index(dialects.size(), "dialect");
            int group = sizes.count("entries of a dialect");
            if (group > owners.length - next) {
                throw sizes.fault("a dialect has " + group + " entries, expected at most " + (owners.length - next));
            }
            for (int i = 0; i < group; i++, next++) {
                long entry = sizes.varint();
                long size = entry >>> 1;
                if (size > data.remaining() - ends[next]) {
                    throw sizes.fault("an attribute or type has " + size + " bytes, expected at most "
                            + (data.remaining() - ends[next]));
                }
                ends[next + 1] = ends[next] + (int) size;
                owners[next] = owner;
                isText[next] = (entry & 1) == 0;
            }
        }
    }

    int size() {
        return owners.length;
    }

    String dialect(int index) {
        return dialects.get(owners[index]);
    }

    /** Whether it is MLIR assembly, and not encoded by its dialect. */
    boolean isText(int index) {
        return isText[index];
    }

    /** A reader of its bytes. */
    ByteCursor entry(int index) {
        return data.part(ends[index], ends[index + 1] - ends[index]);
    }
}
