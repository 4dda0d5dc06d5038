package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.CheckpointException;

/**
 * The most that a packed file may unpack to. Trained weights hardly compress at all, so that a file which grows a
 * hundredfold was made to.
 *
 * @param largest bytes that nothing may exceed
 * @param ratio how often a file's own size it may unpack to
 * @param always bytes that even the smallest file may unpack to
 */
public record UnpackingLimits(long largest, long ratio, long always) {
    /** The longest array that every Java runtime can make. */
    static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private static final UnpackingLimits DEFAULTS = new UnpackingLimits(LONGEST_ARRAY, 200, 64L << 20);

    public UnpackingLimits {
        if (largest < 0 || largest > LONGEST_ARRAY || ratio < 1 || always < 0) {
            throw new IllegalArgumentException("limits of " + largest + ", " + ratio + " and " + always);
        }
    }

    /** 200 times the file, 64 MiB in any case, and never more than 2 GiB. */
    public static UnpackingLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Checks what has been unpacked so far.
     *
     * @param name what errors call the file
     * @param packed the size of the file
     * @throws CheckpointException if it is more than a file of this size may unpack to
     */
    public void check(String name, long packed, long unpacked) throws CheckpointException {
        long allowed = Math.min(largest, Math.max(always, ratio * packed));
        if (unpacked > allowed) {
            throw new CheckpointException(name + ": " + packed + " bytes unpack to more than " + allowed
                    + ": expected a checkpoint; if the file is to be trusted, unpack it first");
        }
    }
}
