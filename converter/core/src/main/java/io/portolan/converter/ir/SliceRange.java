package io.portolan.converter.ir;

/**
 * The part of one axis that ONNX's Slice takes: indices from start towards end, end excluded. Negative bounds count
 * from the end of the axis, and bounds beyond it are moved to it.
 *
 * @param start where to begin
 * @param end where to stop
 * @param step the distance between indices, not 0
 */
public record SliceRange(long start, long end, long step) {
    /** An end beyond any axis, for positive steps. */
    public static final long TO_END = Long.MAX_VALUE;

    /** An end before any axis, for negative steps. */
    public static final long TO_START = Long.MIN_VALUE;

    public SliceRange {
        if (step == 0) {
            throw new IllegalArgumentException("expected a step other than 0");
        }
    }

    /** The number of indices taken from an axis; known for the whole of an axis whatever its size. */
    public Dim length(Dim axis) {
        if (axis.isKnown()) {
            long size = axis.coefficient();
            long distance = (last(size) - first(size)) / step;
            boolean partial = (last(size) - first(size)) % step != 0;
            return Dim.of(Math.max(0, distance + (partial ? 1 : 0)));
        }
        boolean whole = step == 1 && start == 0 && end == TO_END
                || step == -1 && end == TO_START && (start == -1 || start == TO_END);
        return whole ? axis : Dim.UNKNOWN;
    }

    /** The first index taken from an axis of a size. */
    public long first(long size) {
        return clamp(start, step > 0 ? 0 : -1, step > 0 ? size : size - 1, size);
    }

    private long last(long size) {
        return clamp(end, step > 0 ? 0 : -1, step > 0 ? size : size - 1, size);
    }

    private static long clamp(long bound, long lowest, long highest, long size) {
        long index = bound < 0 && bound != TO_START ? bound + size : bound;
        return Math.max(lowest, Math.min(highest, index));
    }
}
