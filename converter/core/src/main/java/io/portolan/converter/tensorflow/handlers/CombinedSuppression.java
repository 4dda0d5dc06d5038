package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import java.util.List;

/**
 * Suppression for each class of each image, then the best of all classes. Boxes are (images, boxes, classes or 1, 4), scores (images,
 * boxes, classes). Kept scores are written into a matrix with a column for each class and box, and its largest elements are taken.
 */
final class CombinedSuppression {
    private final NodeContext node;
    private final GraphBuilder b;
    private final Value scores;
    private final Value images;
    private final Value classes;
    private final Value count;
    private final boolean isShared;

    CombinedSuppression(NodeContext node) {
        this.node = node;
        this.b = node.builder();
        this.scores = b.transpose(node.input(1), 0, 2, 1);
        this.images = Shapes.size(b, scores, 0);
        this.classes = Shapes.size(b, scores, 1);
        this.count = Shapes.size(b, scores, 2);
        this.isShared = Shapes.known(node.input(0), 2) == 1;
    }

    /** Boxes, scores and classes, padded with zeros, and the number of boxes of each image. */
    List<TranslatedTensor> results() {
        Value lowest = b.like(scores, Double.NEGATIVE_INFINITY);
        Value kept = kept();
        Value keptScores = b.apply(StandardOp.GATHER_ND, scores, kept);
        Value all = b.apply(StandardOp.SCATTER_ND, b.expand(lowest, b.shapeOf(scores)), kept, keptScores);
        Value total = total();
        Value row = b.concat(0, images, b.mul(classes, count));
        Value padded = b.concat(1, b.reshape(all, row), b.expand(lowest, b.concat(0, images, total)));
        List<Value> best = b.node(StandardOp.TOP_K, Attributes.of("axis", 1), padded, total);
        Value isBox = b.apply(StandardOp.GREATER, best.get(0), lowest);
        Value place = b.where(isBox, best.get(1), b.like(best.get(1), 0));
        Value zero = b.like(scores, 0);
        return List.of(
                new RealValue(b.where(b.unsqueeze(isBox, 2), boxes(place), zero)),
                new RealValue(b.where(isBox, best.get(0), zero)),
                new RealValue(b.cast(b.div(place, b.squeeze(count, 0)), OnnxType.FLOAT)),
                new RealValue(b.reduce(StandardOp.REDUCE_SUM, b.cast(isBox, OnnxType.INT32), false, 1)));
    }

    /** One row (image, class, box) for each box that is kept. Classes that have their own boxes are suppressed like images. */
    private Value kept() {
        if (isShared) {
            return suppressed(b.squeeze(node.input(0), 2), scores);
        }
        Value each = b.mul(images, classes);
        Value boxes = Shapes.reshape(b, byClass(), List.of(each, count, b.longs(4)));
        Value rows = suppressed(boxes, Shapes.reshape(b, scores, List.of(each, b.longs(1), count)));
        List<Value> columns = b.split(rows, 1, List.of(1L, 1L, 1L));
        Value image = b.div(columns.get(0), classes);
        return b.concat(1, image, b.sub(columns.get(0), b.mul(image, classes)), columns.get(2));
    }

    private Value suppressed(Value boxes, Value eachScores) {
        return DetectionHandlers.suppressed(b, boxes, eachScores, node.input(2), node.input(4), node.input(5));
    }

    private Value byClass() {
        return b.transpose(node.input(0), 0, 2, 1, 3);
    }

    /** How many boxes each image gets. */
    private Value total() {
        Value most = b.reshape(b.cast(node.input(3), OnnxType.INT64), 1);
        Value perClass = b.mul(b.reshape(b.cast(node.input(2), OnnxType.INT64), 1), classes);
        return node.flag("pad_per_class") ? b.apply(StandardOp.MIN, most, perClass) : most;
    }

    /** The boxes at columns of the matrix of scores. */
    private Value boxes(Value place) {
        Value each = isShared
                ? b.squeeze(node.input(0), 2)
                : Shapes.reshape(b, byClass(), List.of(images, b.mul(classes, count), b.longs(4)));
        Value index = isShared ? b.apply(StandardOp.MOD, place, b.squeeze(count, 0)) : place;
        Value found = b.apply(StandardOp.GATHER_ND, Attributes.of("batch_dims", 1), each, b.unsqueeze(index, 2));
        boolean isClipped = !node.hasAttribute("clip_boxes") || node.flag("clip_boxes");
        return isClipped ? b.apply(StandardOp.CLIP, found, b.like(found, 0), b.like(found, 1)) : found;
    }
}
