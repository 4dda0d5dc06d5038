package io.portolan.graphs.data.pathfinder;

/** A rectangle in pixels, sides parallel to the axes. */
record Bounds(double left, double top, double right, double bottom) {
    double width() {
        return right - left;
    }

    double height() {
        return bottom - top;
    }

    /** The smallest rectangle that contains both. */
    Bounds and(Bounds other) {
        return new Bounds(
                Math.min(left, other.left),
                Math.min(top, other.top),
                Math.max(right, other.right),
                Math.max(bottom, other.bottom));
    }
}
