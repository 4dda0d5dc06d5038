package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.stream.Stream;

/** Non-maximum suppression of boxes: by ONNX's operator where it has the same rule, otherwise by a loop over the boxes that are kept. */
final class DetectionHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("NonMaxSuppression", FLOAT_ONLY)
                    .untyped()
                    .reads("iou_threshold")
                    .real(node -> index(node, kept(node, number(node, node.real("iou_threshold", 0.5)), lowest(node)))),
            op("NonMaxSuppressionV2", FLOAT_ONLY).real(node -> index(node, kept(node, node.input(3), lowest(node)))),
            op("NonMaxSuppressionV3", FLOAT_ONLY).real(node -> index(node, kept(node, node.input(3), node.input(4)))),
            op("NonMaxSuppressionV4", FLOAT_ONLY)
                    .reads("pad_to_max_output_size")
                    .as(node -> counted(node, List.of(kept(node, node.input(3), node.input(4))))),
            op("NonMaxSuppressionV5", FLOAT_ONLY)
                    .reads("pad_to_max_output_size")
                    .as(DetectionHandlers::withScores),
            op("NonMaxSuppressionWithOverlaps", FLOAT_ONLY)
                    .untyped()
                    .real(node -> index(node, byOverlaps(node).indices())),
            op("CombinedNonMaxSuppression", FLOAT_ONLY)
                    .untyped()
                    .reads("pad_per_class", "clip_boxes")
                    .as(node -> new CombinedSuppression(node).results()));

    private DetectionHandlers() {}

    private static Value number(NodeContext node, double value) {
        return node.builder().constant(TensorData.scalar(OnnxType.FLOAT, value));
    }

    private static Value lowest(NodeContext node) {
        return number(node, -Float.MAX_VALUE);
    }

    private static Value index(NodeContext node, Value boxes) {
        return node.builder().cast(boxes, OnnxType.INT32);
    }

    /** ONNX's operator takes a batch of images and classes; here there is one of each. The last column of its result is the box. */
    private static Value kept(NodeContext node, Value overlap, Value score) {
        GraphBuilder b = node.builder();
        Value found = suppressed(
                b, b.unsqueeze(node.input(0), 0), b.unsqueeze(node.input(1), 0, 1), node.input(2), overlap, score);
        return b.squeeze(b.slice(found, List.of(1L), List.of(new SliceRange(2, 3, 1))), 1);
    }

    /**
     * The boxes that ONNX's operator keeps, one row (image, class, box) for each.
     *
     * @param boxes (images, boxes, 4)
     * @param scores (images, classes, boxes)
     */
    static Value suppressed(GraphBuilder b, Value boxes, Value scores, Value most, Value overlap, Value score) {
        return b.apply(
                StandardOp.NON_MAX_SUPPRESSION,
                boxes,
                scores,
                b.reshape(b.cast(most, OnnxType.INT64), 1),
                b.reshape(overlap, 1),
                b.reshape(score, 1));
    }

    /** Indices and scores; by a loop, unless it is known that no score decays. */
    private static List<TranslatedTensor> withScores(NodeContext node) {
        GraphBuilder b = node.builder();
        Value sigma = node.input(5);
        boolean isHard = sigma.data().filter(data -> data.doubleAt(0) == 0).isPresent();
        if (isHard) {
            Value boxes = kept(node, node.input(3), node.input(4));
            return counted(node, List.of(boxes, b.apply(StandardOp.GATHER, node.input(1), boxes)));
        }
        SuppressionLoop.Kept kept = new SuppressionLoop(b, node.input(1), node.input(2), node.input(4))
                .keep(SuppressionLoop.decaying(b, node.input(0), node.input(3), sigma));
        return counted(node, List.of(kept.indices(), kept.scores()));
    }

    private static SuppressionLoop.Kept byOverlaps(NodeContext node) {
        GraphBuilder b = node.builder();
        return new SuppressionLoop(b, node.input(1), node.input(2), node.input(4))
                .keep(SuppressionLoop.above(node.input(0), node.input(3)));
    }

    /** Vectors over the boxes that are kept, indices first, padded with zeros if the node wants that; then their number. */
    private static List<TranslatedTensor> counted(NodeContext node, List<Value> vectors) {
        GraphBuilder b = node.builder();
        Value count = Shapes.size(b, vectors.get(0), 0);
        Stream<Value> results = Stream.of(index(node, vectors.get(0)));
        results = Stream.concat(results, vectors.stream().skip(1));
        if (node.flag("pad_to_max_output_size")) {
            Value length = b.reshape(b.cast(node.input(2), OnnxType.INT64), 1);
            Value pads = b.concat(0, b.longs(0), b.sub(length, count));
            results =
                    results.map(vector -> b.reshape(b.apply(StandardOp.PAD, vector, pads, b.like(vector, 0)), length));
        }
        Value number = b.cast(b.squeeze(count, 0), OnnxType.INT32);
        return Stream.concat(results, Stream.of(number))
                .<TranslatedTensor>map(RealValue::new)
                .toList();
    }
}
