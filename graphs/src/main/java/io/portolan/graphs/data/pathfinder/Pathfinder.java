package io.portolan.graphs.data.pathfinder;

import java.util.Optional;

/**
 * What the pictures look like. Lengths are in pixels.
 *
 * @param size of the square picture
 * @param segments paddles of each of the two long snakes
 * @param curvature largest turn from a paddle to the next, in degrees; 0 makes straight lines
 * @param paddleLength along the curve
 * @param thickness of the paddles
 * @param gap between paddles; 0 makes continuous curves
 * @param distractors number of short snakes
 * @param distractorSegments paddles of each short snake
 * @param discRadius of the two discs
 * @param clearance least free space between two snakes; between a disc and a snake that it is not on, a gap more
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

    /** The same pictures, larger or smaller: every length changes in proportion. */
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

    /** Whether picture {@code index} is a positive: every other one is, so that any stretch of pictures is balanced. */
    public static boolean connected(long index) {
        return (index & 1) == 1;
    }

    /**
     * A picture; it depends on these options, the seed and the index alone.
     *
     * @return nothing if these options leave no room for such a picture
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
