package io.portolan.checkpoints.stores;

import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.util.Arrays;
import java.util.Set;

/** Paths that a file gives for another: they stay below the folder of the store. */
public final class RelativePath {
    private static final int LONGEST = 4096;
    private static final Set<String> NO_NAMES = Set.of("", ".", "..");

    private RelativePath() {}

    /**
     * Requires a path of plain names joined by slashes.
     *
     * @param place where the path comes from, for errors
     * @throws CheckpointException if it is absolute, leaves the folder, or has an empty part or a control character
     */
    public static String require(String place, String path) throws CheckpointException {
        boolean plain = path.length() <= LONGEST
                && path.chars().noneMatch(character -> character < ' ')
                && Arrays.stream(path.split("/", -1)).noneMatch(NO_NAMES::contains);
        if (!plain) {
            throw new CheckpointException(place + ": the path " + Quotation.of(path)
                    + ": expected one that stays below its folder, without '.', '..' and empty names; the file is not to be"
                    + " trusted");
        }
        return path;
    }
}
