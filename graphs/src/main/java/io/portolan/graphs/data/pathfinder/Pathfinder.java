package io.portolan.graphs.data.pathfinder;

import java.util.Optional;

/**
 * The options of the Pathfinder generator. Lengths are in pixels.
 *
 * @param size side of the square image
 * @param segments number of paddles in each of the two long snakes
 * @param curvature largest turn from a paddle to the next, in degrees; 0 makes straight lines
 * @param paddleLength length of a paddle along the curve
 * @param thickness thickness of the paddles
 * @param gap gap between paddles; 0 makes continuous curves
 * @param distractors number of short snakes
 * @param distractorSegments number of paddles in each short snake
 * @param discRadius radius of the two discs
 * @param clearance smallest distance between two snakes; between a disc and a snake that it is not on, it is larger by
 *     the gap
 */
public record Pathfinder(
        int size,
        int segments,
        double curvature,
        double paddleLength,
        double thickness,
        double gap,
        int distractors,
        int distractorSegments,
        double discRadius,
        double clearance) {
    private static final int LARGEST = 4096;
    private static final int MOST = 100;

    /** @throws IllegalArgumentException if an option is out of its range; the message says which */
    public Pathfinder {
        require("size", size, 8, LARGEST);
        require("segments", segments, 1, MOST);
        require("curvature", curvature, 0, 180);
        require("paddle length", paddleLength, 0.5, size);
        require("thickness", thickness, 0.1, size);
        require("gap", gap, 0, size);
        require("distractors", distractors, 0, MOST);
        require("distractor segments", distractorSegments, 1, MOST);
        require("disc radius", discRadius, 0.5, size);
        require("clearance", clearance, 0, size);
    }

    /** A copy scaled to another size: every length changes in proportion. */
    public Pathfinder scaledTo(int newSize) {
        double scale = (double) newSize / size;
        return new Pathfinder(
                newSize,
                segments,
                curvature,
                paddleLength * scale,
                thickness * scale,
                gap * scale,
                distractors,
                distractorSegments,
                discRadius * scale,
                clearance * scale);
    }

    /** Whether image {@code index} is a positive: every other one is, so that any range of images is balanced. */
    public static boolean connected(long index) {
        return (index & 1) == 1;
    }

    /**
     * Generates an image, which depends only on these options, the seed and the index.
     *
     * @return empty if no image satisfies these options
     */
    public Optional<Picture> picture(long seed, long index) {
        return new SceneComposer(this)
                .compose(SplitMix.of(seed, index), connected(index))
                .map(scene -> new Picture(size, draw(scene), scene));
    }

    private byte[] draw(Scene scene) {
        Canvas canvas = new Canvas(size, thickness);
        draw(canvas, scene.target());
        draw(canvas, scene.rival());
        scene.distractors().forEach(snake -> draw(canvas, snake));
        scene.discs().forEach(disc -> canvas.disc(disc, discRadius));
        return canvas.pixels();
    }

    private void draw(Canvas canvas, Snake snake) {
        for (Paddle paddle : snake.paddles()) {
            if (gap == 0) {
                canvas.roundStroke(paddle);
            } else {
                canvas.flatStroke(paddle);
            }
        }
    }

    private static void require(String name, double value, double low, double high) {
        // Written so that NaN fails.
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + " is " + value + "; expected " + low + " to " + high);
        }
    }
}
