package io.portolan.graphs.data.pathfinder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Composes scenes by rejection sampling: parts are drawn at random until they fit.
 *
 * <p>The layout does not depend on whether the image is a positive or a negative, and has a place for the second disc
 * of either: the target's tail and the rival's head. The four ends form a kite: the rival's head is the mirror image of
 * the target's tail, in an axis through the target's head on which the rival's tail lies. So the positive and the
 * negative of a layout have the same curves, and the positions of their discs and free ends are mirror images of each
 * other. They differ only in which ends the curves join.
 */
final class SceneComposer {
    private static final int RIVALS = 40;
    private static final int PLACES = 60;

    /**
     * Largest number of paddle pairs compared for one scene, about a second's work; the published levels need a
     * hundredth of it.
     */
    private static final long MOST_EFFORT = 20_000_000;

    private final Pathfinder options;
    private final double margin;
    private final double snakeDistance;
    private final double discDistance;
    private long effort;

    /** Creates a composer of one scene. */
    SceneComposer(Pathfinder options) {
        this.options = options;
        this.margin = Math.max(options.discRadius(), options.thickness() / 2) + 1;
        this.snakeDistance = options.clearance() + options.thickness();
        // More than a gap; otherwise a curve that ends near a disc would seem to continue to it.
        this.discDistance = options.gap() + options.clearance() + options.discRadius() + options.thickness() / 2;
    }

    /** Composes a scene; empty if no scene satisfies the options. */
    Optional<Scene> compose(SplitMix random, boolean connected) {
        while (effort < MOST_EFFORT) {
            Optional<Scene> scene = pair(random)
                    .flatMap(pair -> distractors(random, pair)
                            .map(distractors -> new Scene(pair.target, pair.rival, distractors, connected)));
            if (scene.isPresent()) {
                return scene;
            }
        }
        return Optional.empty();
    }

    private record Pair(Snake target, Snake rival) {
        Pair plus(Point offset) {
            return new Pair(target.plus(offset.x(), offset.y()), rival.plus(offset.x(), offset.y()));
        }
    }

    private Optional<Pair> pair(SplitMix random) {
        Snake target = grow(random, options.segments());
        if (!clearOfItself(target)) {
            return Optional.empty();
        }
        for (int i = 0; i < RIVALS; i++) {
            Optional<Pair> placed = rival(random, target)
                    .filter(rival -> keepApart(target, rival))
                    .flatMap(rival -> place(random, target.bounds().and(rival.bounds()))
                            .map(offset -> new Pair(target, rival).plus(offset)));
            if (placed.isPresent()) {
                return placed;
            }
        }
        return Optional.empty();
    }

    /** The other long snake, for a kite whose sharp corner is the target's head at the origin. */
    private Optional<Snake> rival(SplitMix random, Snake target) {
        Snake shape = grow(random, options.segments());
        Point axis = new Point(0, 0).towards(random.between(-StrictMath.PI, StrictMath.PI), 1);
        double side = random.coin() ? 1 : -1;
        Point tail = target.tail();
        double along = tail.x() * axis.x() + tail.y() * axis.y();
        double across = tail.x() * axis.y() - tail.y() * axis.x();
        double rest = shape.chord() * shape.chord() - across * across;
        if (rest < 0 || !clearOfItself(shape)) {
            return Optional.empty();
        }
        Point mirrored = new Point(2 * along * axis.x() - tail.x(), 2 * along * axis.y() - tail.y());
        double foot = along + side * Math.sqrt(rest);
        return Optional.of(shape.between(mirrored, new Point(foot * axis.x(), foot * axis.y())));
    }

    private Optional<List<Snake>> distractors(SplitMix random, Pair pair) {
        List<Snake> distractors = new ArrayList<>();
        for (int i = 0; distractors.size() < options.distractors() && i < PLACES * options.distractors(); i++) {
            Snake snake = grow(random, options.distractorSegments());
            place(random, snake.bounds())
                    .map(offset -> snake.plus(offset.x(), offset.y()))
                    .filter(here -> here.clearOfItself(snakeDistance))
                    .filter(here -> clearOf(here, pair.target) && clearOf(here, pair.rival))
                    .filter(here -> distractors.stream().allMatch(other -> here.distance(other) >= snakeDistance))
                    .ifPresent(distractors::add);
        }
        return distractors.size() == options.distractors() ? Optional.of(distractors) : Optional.empty();
    }

    /** Grows a new snake, and counts the comparisons with all others that it may need. */
    private Snake grow(SplitMix random, int segments) {
        int all = 2 * options.segments() + options.distractors() * options.distractorSegments();
        effort += (long) segments * all;
        return Snake.grow(random, segments, options);
    }

    /** A random offset that keeps the bounds inside the image; empty if they are too large for it. */
    private Optional<Point> place(SplitMix random, Bounds bounds) {
        double room = options.size() - 2 * margin;
        double spareX = room - bounds.width();
        double spareY = room - bounds.height();
        if (spareX < 0 || spareY < 0) {
            return Optional.empty();
        }
        return Optional.of(new Point(
                margin - bounds.left() + random.between(0, spareX), margin - bounds.top() + random.between(0, spareY)));
    }

    /** Whether a long snake with discs on both ends does not touch itself. */
    private boolean clearOfItself(Snake snake) {
        return snake.chord() >= 2 * options.discRadius() + options.clearance() && snake.clearOfItself(snakeDistance);
    }

    private boolean keepApart(Snake one, Snake other) {
        return clearOf(one, other) && clearOf(other, one);
    }

    /** Whether a snake is clear of another one and of the discs on its ends. */
    private boolean clearOf(Snake snake, Snake withDiscs) {
        return snake.distance(withDiscs) >= snakeDistance
                && snake.distance(withDiscs.head()) >= discDistance
                && snake.distance(withDiscs.tail()) >= discDistance;
    }
}
