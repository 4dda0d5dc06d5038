package io.portolan.graphs.data.pathfinder;

/**
 * A square 8-bit grey image, drawn white on black. The coverage of a pixel by a shape depends on the distance of the
 * pixel's centre from the shape's edge, up to half a pixel on both sides; where shapes overlap, the larger coverage is
 * used. Only correctly rounded operations are used, so that the pixels are the same on every machine.
 */
final class Canvas {
    private static final int WHITE = 255;

    private final int size;
    private final double reach;
    private final byte[] pixels;

    /** @param thickness thickness of strokes in pixels */
    Canvas(int size, double thickness) {
        this.size = size;
        this.reach = thickness / 2;
        this.pixels = new byte[size * size];
    }

    byte[] pixels() {
        return pixels;
    }

    /** Draws a stroke with round ends, for strokes that join. */
    void roundStroke(Paddle paddle) {
        cover(paddle, reach, point -> coverage(reach - paddle.distance(point), 2 * reach));
    }

    /** Draws a stroke with straight ends, for separate strokes. */
    void flatStroke(Paddle paddle) {
        double length = paddle.length();
        double dx = (paddle.to().x() - paddle.from().x()) / length;
        double dy = (paddle.to().y() - paddle.from().y()) / length;
        double middleX = (paddle.from().x() + paddle.to().x()) / 2;
        double middleY = (paddle.from().y() + paddle.to().y()) / 2;
        cover(paddle, reach, point -> {
            double x = point.x() - middleX;
            double y = point.y() - middleY;
            double along = Math.abs(x * dx + y * dy);
            double across = Math.abs(x * dy - y * dx);
            return coverage(length / 2 - along, length) * coverage(reach - across, 2 * reach);
        });
    }

    void disc(Point centre, double radius) {
        cover(new Paddle(centre, centre), radius, point -> coverage(radius - centre.distance(point), 2 * radius));
    }

    /** Applies a shape's coverage to each pixel whose centre is within about {@code radius} of a line. */
    private void cover(Paddle around, double radius, Shape shape) {
        int left = first(Math.min(around.from().x(), around.to().x()) - radius);
        int right = last(Math.max(around.from().x(), around.to().x()) + radius);
        int top = first(Math.min(around.from().y(), around.to().y()) - radius);
        int bottom = last(Math.max(around.from().y(), around.to().y()) + radius);
        for (int row = top; row <= bottom; row++) {
            for (int column = left; column <= right; column++) {
                int value = (int) (shape.coverage(new Point(column + 0.5, row + 0.5)) * WHITE + 0.5);
                int at = row * size + column;
                pixels[at] = (byte) Math.max(pixels[at] & 0xff, value);
            }
        }
    }

    private int first(double edge) {
        return Math.max(0, (int) Math.floor(edge - 1));
    }

    private int last(double edge) {
        return Math.min(size - 1, (int) Math.floor(edge + 1));
    }

    /**
     * The covered share of a pixel whose centre lies {@code depth} inside the edge of a shape; a thin shape never
     * covers a whole pixel.
     */
    private static double coverage(double depth, double width) {
        return Math.max(0, Math.min(Math.min(1, width), depth + 0.5));
    }

    @FunctionalInterface
    private interface Shape {
        double coverage(Point pixelCentre);
    }
}
