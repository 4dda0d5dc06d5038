package io.portolan.graphs.data.pathfinder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lays out scenes by rejection: parts are drawn at random until they fit.
 *
 * <p>The layout is made without knowing whether it will become a positive or a negative, and has a place for either second
 * disc: the target's tail, and the rival's head. The four ends form a kite: the rival's head is the mirror image of the
 * target's tail, in an axis through the target's head on which the rival's tail lies. So the positive and the negative that
 * could be made of a layout have the same ink, and the positions of their discs and bare ends are mirror images of each
 * other. What tells them apart is which ends the curves join.
 */
final class SceneComposer {
    private static final int RIVALS = 40;
    private static final int PLACES = 60;

    /** Pairs of paddles that a scene may cost, a second or so; the published levels need a hundredth of it. */
    private static final long MOST_EFFORT = 20_000_000;

    private final Pathfinder options;
    private final double margin;
    private final double snakeDistance;
    private final double discDistance;
    private long effort;

    /** A composer of one scene. */
    SceneComposer(Pathfinder options) {
        this.options = options;
        this.margin = Math.max(options.discRadius(), options.thickness() / 2) + 1;
        this.snakeDistance = options.clearance() + options.thickness();
        // More than a gap, or a curve that ends near a disc would seem to go on to it.
        this.discDistance = options.gap() + options.clearance() + options.discRadius() + options.thickness() / 2;
    }

    /** A scene, or nothing if the options leave no room for one. */
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
        if (!standsAlone(target)) {
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

    /** The other long snake of a kite whose sharp corner is the target's head, at the origin. */
    private Optional<Snake> rival(SplitMix random, Snake target) {
        Snake shape = grow(random, options.segments());
        Point axis = new Point(0, 0).towards(random.between(-StrictMath.PI, StrictMath.PI), 1);
        double side = random.coin() ? 1 : -1;
        Point tail = target.tail();
        double along = tail.x() * axis.x() + tail.y() * axis.y();
        double across = tail.x() * axis.y() - tail.y() * axis.x();
        double rest = shape.chord() * shape.chord() - across * across;
        if (rest < 0 || !standsAlone(shape)) {
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
                    .filter(here -> here.keepsFromItself(snakeDistance))
                    .filter(here -> leavesRoom(here, pair.target) && leavesRoom(here, pair.rival))
                    .filter(here -> distractors.stream().allMatch(other -> here.distance(other) >= snakeDistance))
                    .ifPresent(distractors::add);
        }
        return distractors.size() == options.distractors() ? Optional.of(distractors) : Optional.empty();
    }

    /** A new snake, which will be compared with all others at the most. */
    private Snake grow(SplitMix random, int segments) {
        int all = 2 * options.segments() + options.distractors() * options.distractorSegments();
        effort += (long) segments * all;
        return Snake.grow(random, segments, options);
    }

    /** How far to move what has these bounds to any place in the picture; nothing if it is too large for it. */
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

    /** Whether a long snake with discs on both ends would not touch itself. */
    private boolean standsAlone(Snake snake) {
        return snake.chord() >= 2 * options.discRadius() + options.clearance() && snake.keepsFromItself(snakeDistance);
    }

    private boolean keepApart(Snake one, Snake other) {
        return leavesRoom(one, other) && leavesRoom(other, one);
    }

    /** Whether a snake stays away from another one and from discs on that one's ends. */
    private boolean leavesRoom(Snake snake, Snake withDiscs) {
        return snake.distance(withDiscs) >= snakeDistance
                && snake.distance(withDiscs.head()) >= discDistance
                && snake.distance(withDiscs.tail()) >= discDistance;
    }
}
