package io.portolan.graphs.data.pathfinder;

/** A short straight stroke, one segment of a snake, given by its centre line. */
public record Paddle(Point from, Point to) {
    public double length() {
        return from.distance(to);
    }

    /** Least distance between a point and the centre line. */
    public double distance(Point point) {
        double dx = to.x() - from.x();
        double dy = to.y() - from.y();
        double squared = dx * dx + dy * dy;
        double along = squared == 0 ? 0 : ((point.x() - from.x()) * dx + (point.y() - from.y()) * dy) / squared;
        double at = Math.max(0, Math.min(1, along));
        return Point.length(from.x() + at * dx - point.x(), from.y() + at * dy - point.y());
    }

    /** Least distance between two centre lines; 0 if they cross. */
    public double distance(Paddle other) {
        if (crosses(other)) {
            return 0;
        }
        // The shortest distance between segments that do not cross is at an end of one of them.
        return Math.min(
                Math.min(distance(other.from), distance(other.to)), Math.min(other.distance(from), other.distance(to)));
    }

    Paddle plus(double dx, double dy) {
        return new Paddle(from.plus(dx, dy), to.plus(dx, dy));
    }

    private boolean crosses(Paddle other) {
        return side(other.from) * side(other.to) < 0 && other.side(from) * other.side(to) < 0;
    }

    /** Positive on one side of the line through the paddle, negative on the other. */
    private double side(Point point) {
        return (to.x() - from.x()) * (point.y() - from.y()) - (to.y() - from.y()) * (point.x() - from.x());
    }
}
