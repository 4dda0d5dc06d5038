package io.portolan.graphs.data.pathfinder;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A curve of consecutive paddles.
 *
 * @param paddles from head to tail; at least one
 */
public record Snake(List<Paddle> paddles) {
    /** Largest ratio of the length along a snake to the straight line at which parts still count as adjacent. */
    private static final double DETOUR = 1.5;

    public Snake {
        paddles = List.copyOf(paddles);
    }

    public Point head() {
        return paddles.get(0).from();
    }

    public Point tail() {
        return paddles.get(paddles.size() - 1).to();
    }

    /** Distance between the two ends in a straight line. */
    public double chord() {
        return head().distance(tail());
    }

    /** Least distance between the centre lines of two snakes. */
    public double distance(Snake other) {
        double least = Double.POSITIVE_INFINITY;
        for (Paddle mine : paddles) {
            for (Paddle theirs : other.paddles) {
                least = Math.min(least, mine.distance(theirs));
            }
        }
        return least;
    }

    /** Least distance between a point and the centre line. */
    public double distance(Point point) {
        return paddles.stream()
                .mapToDouble(paddle -> paddle.distance(point))
                .min()
                .orElseThrow();
    }

    /**
     * Grows a snake with its head at the origin. Its bends change gradually: every turn is half the previous turn and
     * half random.
     */
    static Snake grow(SplitMix random, int segments, Pathfinder options) {
        double largest = StrictMath.toRadians(options.curvature());
        double heading = random.between(-StrictMath.PI, StrictMath.PI);
        double turn = random.between(-largest, largest);
        List<Paddle> paddles = new ArrayList<>(segments);
        Point at = new Point(0, 0);
        for (int i = 0; i < segments; i++) {
            Point end = at.towards(heading, options.paddleLength());
            paddles.add(new Paddle(at, end));
            at = end.towards(heading + turn / 2, options.gap());
            heading += turn;
            turn = (turn + random.between(-largest, largest)) / 2;
        }
        return new Snake(paddles);
    }

    /** Whether no part comes nearer than {@code distance} to a part that is not adjacent along the curve. */
    boolean clearOfItself(double distance) {
        double way = 0;
        for (int apart = 1; apart < paddles.size(); apart++) {
            way += paddles.get(apart - 1).to().distance(paddles.get(apart).from());
            if (way > DETOUR * distance) {
                for (int i = 0; i + apart < paddles.size(); i++) {
                    if (paddles.get(i).distance(paddles.get(i + apart)) < distance) {
                        return false;
                    }
                }
            }
            way += paddles.get(apart).length();
        }
        return true;
    }

    Snake plus(double dx, double dy) {
        return new Snake(paddles.stream().map(paddle -> paddle.plus(dx, dy)).toList());
    }

    /** The same curve, rotated and moved so that its ends lie on two points, which must be as far apart as the ends. */
    Snake between(Point newHead, Point newTail) {
        double fromX = tail().x() - head().x();
        double fromY = tail().y() - head().y();
        double toX = newTail.x() - newHead.x();
        double toY = newTail.y() - newHead.y();
        double squared = fromX * fromX + fromY * fromY;
        double cosine = (fromX * toX + fromY * toY) / squared;
        double sine = (fromX * toY - fromY * toX) / squared;
        UnaryOperator<Point> move = point -> {
            double x = point.x() - head().x();
            double y = point.y() - head().y();
            return newHead.plus(x * cosine - y * sine, x * sine + y * cosine);
        };
        return new Snake(paddles.stream()
                .map(paddle -> new Paddle(move.apply(paddle.from()), move.apply(paddle.to())))
                .toList());
    }

    /** The smallest rectangle around the centre line. */
    Bounds bounds() {
        double left = head().x();
        double top = head().y();
        double right = left;
        double bottom = top;
        for (Paddle paddle : paddles) {
            left = Math.min(left, Math.min(paddle.from().x(), paddle.to().x()));
            right = Math.max(right, Math.max(paddle.from().x(), paddle.to().x()));
            top = Math.min(top, Math.min(paddle.from().y(), paddle.to().y()));
            bottom = Math.max(bottom, Math.max(paddle.from().y(), paddle.to().y()));
        }
        return new Bounds(left, top, right, bottom);
    }
}
