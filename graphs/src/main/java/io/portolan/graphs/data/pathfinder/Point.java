package io.portolan.graphs.data.pathfinder;

/** A point in an image, in pixels; (0, 0) is the outer corner of the top left pixel. */
public record Point(double x, double y) {
    public double distance(Point other) {
        return length(other.x - x, other.y - y);
    }

    Point plus(double dx, double dy) {
        return new Point(x + dx, y + dy);
    }

    /** The point at a distance in a direction, in radians. */
    Point towards(double direction, double distance) {
        // StrictMath, because the last bit of Math.sin may differ between machines, and so would the pixels.
        return plus(distance * StrictMath.cos(direction), distance * StrictMath.sin(direction));
    }

    /** Not Math.hypot, whose last bit may differ between machines; sqrt is exact everywhere. */
    static double length(double dx, double dy) {
        return Math.sqrt(dx * dx + dy * dy);
    }
}
