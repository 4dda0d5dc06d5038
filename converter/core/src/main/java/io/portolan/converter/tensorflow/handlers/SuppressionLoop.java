package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.CountedLoop;
import io.portolan.converter.lowering.Shapes;
import java.util.List;
import java.util.Optional;

/**
 * Suppression by a loop whose every turn keeps the box of the highest score and lowers the scores of the others, until none is above
 * the threshold. TensorFlow lowers a score only when its box is considered; as scores never grow, the same boxes are kept.
 */
final class SuppressionLoop {
    private final GraphBuilder b;
    private final Value scores;
    private final Value most;
    private final Value threshold;

    /** The boxes that are kept, in their order, and their scores by then. */
    record Kept(Value indices, Value scores) {}

    /** Lowers scores after a box was kept. */
    @FunctionalInterface
    interface Rule {
        /**
         * The scores that remain.
         *
         * @param b appends to the loop
         * @param scores of all boxes
         * @param kept the index of the box, a scalar
         */
        Value lowered(GraphBuilder b, Value scores, Value kept);
    }

    /**
     * A loop over boxes.
     *
     * @param scores of the boxes, a vector
     * @param most the largest number of boxes to keep, a scalar
     * @param threshold a score that is too low, a scalar
     */
    SuppressionLoop(GraphBuilder b, Value scores, Value most, Value threshold) {
        this.b = b;
        this.scores = scores;
        this.most = most;
        this.threshold = threshold;
    }

    /** Boxes are suppressed whose similarity to the kept one, in its column, is above a limit. */
    static Rule above(Value similarities, Value limit) {
        return (in, scores, kept) -> {
            Value column = in.apply(StandardOp.GATHER, Attributes.of("axis", 1), similarities, kept);
            return in.where(in.apply(StandardOp.GREATER, column, limit), lowest(in, scores), scores);
        };
    }

    /**
     * Scores are multiplied by {@code exp(-iou² / (2 sigma))} of the intersection over union with the kept box; with a sigma of 0, boxes above the
     * limit are suppressed instead.
     */
    static Rule decaying(GraphBuilder b, Value boxes, Value limit, Value sigma) {
        Boxes all = Boxes.of(b, boxes);
        Value isSoft = b.apply(StandardOp.GREATER, sigma, b.like(sigma, 0));
        Value scale = b.where(isSoft, b.div(b.like(sigma, -0.5), sigma), b.like(sigma, 0));
        return (in, scores, kept) -> {
            Value overlap = all.overlap(in, kept);
            Value weight = in.apply(StandardOp.EXP, in.mul(scale, in.mul(overlap, overlap)));
            Value isKept = in.apply(StandardOp.OR, isSoft, in.apply(StandardOp.LESS_OR_EQUAL, overlap, limit));
            return in.where(isKept, in.mul(scores, weight), lowest(in, scores));
        };
    }

    /** The score of boxes that are kept already or suppressed, which no threshold lets through. */
    private static Value lowest(GraphBuilder b, Value scores) {
        return b.like(scores, Double.NEGATIVE_INFINITY);
    }

    Kept keep(Rule rule) {
        Value places = FillHandlers.positions(b, Shapes.size(b, scores, 0));
        List<Value> found = CountedLoop.of(b, most, isAny(b, scores), List.of(scores), (in, index, state) -> {
            Value now = state.get(0);
            Value best = in.apply(StandardOp.ARG_MAX, Attributes.of("axis", 0).with("keepdims", 0), now);
            Value isBest = in.apply(StandardOp.EQUAL, places, best);
            Value isGone = in.apply(StandardOp.OR, isBest, in.apply(StandardOp.EQUAL, now, lowest(in, now)));
            Value next = in.where(isGone, lowest(in, now), rule.lowered(in, now, best));
            return new CountedLoop.Turn(
                    List.of(next), List.of(best, in.apply(StandardOp.GATHER, now, best)), Optional.of(isAny(in, next)));
        });
        return new Kept(found.get(1), found.get(2));
    }

    /** Whether a score is above the threshold; also for no scores, of which there is no largest. */
    private Value isAny(GraphBuilder b, Value scores) {
        Value above = b.cast(b.apply(StandardOp.GREATER, scores, threshold), OnnxType.INT32);
        Value count = b.reduce(StandardOp.REDUCE_SUM, above, false, 0);
        return b.apply(StandardOp.GREATER, count, b.like(count, 0));
    }

    /**
     * Boxes by their bounds and areas, all vectors.
     *
     * @param low the smaller coordinates, one vector for each axis
     * @param high the larger ones
     */
    private record Boxes(List<Value> low, List<Value> high, Value area) {
        /** Opposite corners (y, x, y, x) in any order. */
        static Boxes of(GraphBuilder b, Value corners) {
            List<Value> sides = b.split(corners, 1, List.of(1L, 1L, 1L, 1L)).stream()
                    .map(column -> b.squeeze(column, 1))
                    .toList();
            List<Value> low = bounds(b, sides, StandardOp.MIN);
            List<Value> high = bounds(b, sides, StandardOp.MAX);
            return new Boxes(low, high, b.mul(b.sub(high.get(0), low.get(0)), b.sub(high.get(1), low.get(1))));
        }

        private static List<Value> bounds(GraphBuilder b, List<Value> sides, StandardOp extreme) {
            return List.of(b.apply(extreme, sides.get(0), sides.get(2)), b.apply(extreme, sides.get(1), sides.get(3)));
        }

        /** The intersection over union of each box with one of them; 0 for boxes without area. */
        Value overlap(GraphBuilder b, Value one) {
            Value common = b.mul(side(b, one, 0), side(b, one, 1));
            Value own = b.apply(StandardOp.GATHER, area, one);
            Value zero = b.like(area, 0);
            Value isReal = b.apply(
                    StandardOp.AND, b.apply(StandardOp.GREATER, area, zero), b.apply(StandardOp.GREATER, own, zero));
            return b.where(isReal, b.div(common, b.sub(b.add(area, own), common)), zero);
        }

        private Value side(GraphBuilder b, Value one, int axis) {
            Value from = b.apply(StandardOp.MAX, low.get(axis), b.apply(StandardOp.GATHER, low.get(axis), one));
            Value to = b.apply(StandardOp.MIN, high.get(axis), b.apply(StandardOp.GATHER, high.get(axis), one));
            return b.apply(StandardOp.MAX, b.sub(to, from), b.like(from, 0));
        }
    }
}
