package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.lang.management.ManagementFactory;

/**
 * The limits of decompression. Trained weights hardly compress, so a file that expands a hundredfold is a decompression
 * bomb.
 *
 * @param largest absolute limit in bytes
 * @param ratio largest ratio of the decompressed to the compressed size
 * @param always size in bytes that is always allowed
 */
public record UnpackingLimits(long largest, long ratio, long always) {
    /** What is decompressed is for a moment in memory twice, in pieces and whole. */
    private static final long HALF_OF_MEMORY =
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax() / 2;

    private static final UnpackingLimits DEFAULTS = new UnpackingLimits(ByteRegion.LONGEST_BUFFER, 200, 64L << 20);

    public UnpackingLimits {
        if (largest < 0 || ratio < 1 || always < 0) {
            throw new IllegalArgumentException("limits of " + largest + ", " + ratio + " and " + always);
        }
    }

    /** The default limits: 200 times the file, but at least 64 MiB and at most 2 GiB. */
    public static UnpackingLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Checks the size decompressed so far, also against half of the memory that Java may take.
     *
     * @param name the file's name in errors
     * @param packed the size of the file
     * @throws CheckpointException if it exceeds the limit for a file of this size
     */
    public void check(String name, long packed, long unpacked) throws CheckpointException {
        long allowed = Math.min(largest, Math.max(always, ratio * packed));
        if (unpacked > allowed) {
            throw new CheckpointException(name + ": " + packed + " bytes unpack to more than " + allowed
                    + ": expected a checkpoint; if the file is to be trusted, unpack it first");
        }
        if (unpacked > HALF_OF_MEMORY) {
            throw new CheckpointException(name + ": it unpacks to more than " + HALF_OF_MEMORY
                    + " bytes: expected at most half of the memory that Java may take; give it more with -Xmx");
        }
    }
}
