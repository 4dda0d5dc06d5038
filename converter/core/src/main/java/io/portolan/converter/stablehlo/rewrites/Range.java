package io.portolan.converter.stablehlo.rewrites;

/** The places of an axis from {@code start} to before {@code limit}. */
record Range(long start, long limit) {
    static Range whole(long size) {
        return new Range(0, size);
    }

    long size() {
        return limit - start;
    }

    boolean isEmpty() {
        return limit <= start;
    }

    /** The smallest range around both. */
    Range hull(Range other) {
        return new Range(Math.min(start, other.start), Math.max(limit, other.limit));
    }

    /** What both have in common; empty if nothing. */
    Range intersection(Range other) {
        return new Range(Math.max(start, other.start), Math.min(limit, other.limit));
    }

    Range shifted(long by) {
        return new Range(start + by, limit + by);
    }
}
