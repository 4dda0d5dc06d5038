package io.portolan.checkpoints.ocdbt;

import io.portolan.checkpoints.stores.RelativePath;
import io.portolan.checkpoints.values.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The data files that the entries of a manifest or node refer to by their numbers.
 *
 * @param files the files in order
 */
record DataFileTable(List<DataFile> files) {
    private static final int MOST_FILES = 1 << 20;

    /**
     * A data file.
     *
     * @param path its path below the database's folder
     * @param base the start of the path, which the paths in nodes of this file begin with
     */
    record DataFile(String path, String base) {}

    /**
     * Reads a table.
     *
     * @param base the base of the file that the table is in; empty for the manifest
     */
    static DataFileTable read(BodyInput in, String base, Budget budget) throws CheckpointException {
        int count = in.count("the number of data files", MOST_FILES);
        KeyColumns columns = KeyColumns.lengths("the paths of data files", in, count);
        int[] baseLengths = in.numbers("the base lengths of data files", count, KeyColumns.LONGEST);
        byte[][] paths = columns.texts(in, budget);
        List<DataFile> files = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (baseLengths[i] > paths[i].length) {
                throw in.error(
                        "a base of " + baseLengths[i] + " bytes of a path of " + paths[i].length, "a part of the path");
            }
            String path = base + text(in, paths[i], paths[i].length);
            budget.takeText(in.name(), base.length());
            files.add(new DataFile(RelativePath.require(in.name(), path), base + text(in, paths[i], baseLengths[i])));
        }
        return new DataFileTable(files);
    }

    /** The file of a number in a column of entries. */
    DataFile file(BodyInput in, long number) throws CheckpointException {
        if (number < 0 || number >= files.size()) {
            throw in.error(
                    "data file " + Long.toUnsignedString(number), "one of the " + files.size() + " in the table");
        }
        return files.get((int) number);
    }

    /** The first bytes of a path or key as text. */
    static String text(BodyInput in, byte[] bytes, int length) throws CheckpointException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw in.error("a path or key that is no text", "UTF-8");
        }
    }
}
