package io.portolan.images;

/**
 * Pillow's {@code resize(..., BILINEAR)} for 8-bit grey, bit for bit: separable, rows first, and antialiased when
 * downscaling, because the triangle filter then widens to cover every source pixel.
 */
final class PillowResize {
    private static final int FRACTION_BITS = 22;
    private static final int HALF = 1 << (FRACTION_BITS - 1);

    private PillowResize() {}

    /** @throws IllegalArgumentException if a side is not positive */
    static GreyImage bilinear(GreyImage image, int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("cannot resize to " + width + "x" + height);
        }
        byte[] columns = resizeLines(image.pixels(), image.height(), image.width(), width);
        byte[] rows = resizeLines(columns, width, image.height(), height);
        return new GreyImage(width, height, rows);
    }

    /**
     * Resizes every line and transposes the result, so that doing it twice resizes both axes and restores their order.
     *
     * @param source (lines, length)
     * @return (newLength, lines), rounded to bytes as Pillow rounds between its two passes
     */
    private static byte[] resizeLines(byte[] source, int lines, int length, int newLength) {
        byte[] target = new byte[Shapes.elements(newLength, lines)];
        for (int position = 0; position < newLength; position++) {
            Window window = Window.at(position, length, newLength);
            for (int line = 0; line < lines; line++) {
                target[position * lines + line] = window.sum(source, line * length);
            }
        }
        return target;
    }

    /** The source pixels that contribute to one target pixel, and their fixed-point weights. */
    private record Window(int start, int[] weights) {
        static Window at(int position, int length, int newLength) {
            double scale = (double) length / newLength;
            double support = Math.max(scale, 1);
            double centre = (position + 0.5) * scale;
            int start = Math.max((int) (centre - support + 0.5), 0);
            int end = Math.min((int) (centre + support + 0.5), length);
            double[] triangle = new double[end - start];
            double total = 0;
            for (int i = 0; i < triangle.length; i++) {
                triangle[i] = Math.max(0, 1 - Math.abs((start + i - centre + 0.5) / support));
                total += triangle[i];
            }
            int[] weights = new int[triangle.length];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (int) (triangle[i] / total * (1 << FRACTION_BITS) + 0.5);
            }
            return new Window(start, weights);
        }

        byte sum(byte[] source, int lineStart) {
            int sum = HALF;
            for (int i = 0; i < weights.length; i++) {
                sum += (source[lineStart + start + i] & 0xff) * weights[i];
            }
            // The rounded weights may sum to slightly more than one.
            return (byte) Math.min(sum >> FRACTION_BITS, 255);
        }
    }
}
