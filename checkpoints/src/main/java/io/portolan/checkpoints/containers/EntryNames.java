package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Refuses archives whose entry names would leave the target folder when extracted. Portolan extracts nothing to disk,
 * but such an archive is malicious.
 */
public final class EntryNames {
    private static final Pattern ABSOLUTE = Pattern.compile("([A-Za-z]:|[/\\\\]).*", Pattern.DOTALL);

    private EntryNames() {}

    /**
     * Checks one name.
     *
     * @throws CheckpointException if it is empty, absolute or leaves the folder
     */
    public static void check(String archive, String name) throws CheckpointException {
        boolean climbs = Arrays.asList(name.split("[/\\\\]")).contains("..");
        if (climbs
                || name.isEmpty()
                || name.indexOf('\0') >= 0
                || ABSOLUTE.matcher(name).matches()) {
            throw new CheckpointException(
                    archive + ": the entry " + Quotation.of(name)
                            + " points out of the archive: expected relative names without '..'; the file is not to be trusted");
        }
    }

    static CheckpointException link(String archive, String name) {
        return new CheckpointException(archive + ": the entry " + Quotation.of(name)
                + " is a link or device: expected plain files; the file is not to be trusted");
    }
}
