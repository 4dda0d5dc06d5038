package io.portolan.converter.ir;

/**
 * The range of one axis that ONNX's Slice selects: indices from start towards end, end excluded. Negative bounds count from the end of
 * the axis, and bounds outside the axis are clamped.
 *
 * @param start the first index
 * @param end the bound, excluded
 * @param step the distance between indices, not 0
 */
public record SliceRange(long start, long end, long step) {
    /** An end after any axis, for positive steps. */
    public static final long TO_END = Long.MAX_VALUE;

    /** An end before any axis, for negative steps. */
    public static final long TO_START = Long.MIN_VALUE;

    public SliceRange {
        if (step == 0) {
            throw new IllegalArgumentException("expected a step other than 0");
        }
    }

    /** The number of indices selected from an axis; known for a whole axis even if its size is not. */
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

    /** The first index selected from an axis of the given size. */
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
