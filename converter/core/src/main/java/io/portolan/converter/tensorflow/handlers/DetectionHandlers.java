package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/** Non-maximum suppression of boxes. */
final class DetectionHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("NonMaxSuppression", FLOAT_ONLY)
                    .untyped()
                    .reads("iou_threshold")
                    .real(node ->
                            kept(node, number(node, node.real("iou_threshold", 0.5)), number(node, -Float.MAX_VALUE))),
            op("NonMaxSuppressionV2", FLOAT_ONLY)
                    .real(node -> kept(node, node.input(3), number(node, -Float.MAX_VALUE))),
            op("NonMaxSuppressionV3", FLOAT_ONLY).real(node -> kept(node, node.input(3), node.input(4))));

    private DetectionHandlers() {}

    private static Value number(NodeContext node, double value) {
        return node.builder().constant(TensorData.scalar(OnnxType.FLOAT, value));
    }

    /** ONNX's operator takes a batch of images and classes; here there is one of each. The last column of its result is the box. */
    private static Value kept(NodeContext node, Value overlap, Value score) {
        GraphBuilder b = node.builder();
        Value found = b.apply(
                StandardOp.NON_MAX_SUPPRESSION,
                b.unsqueeze(node.input(0), 0),
                b.unsqueeze(node.input(1), 0, 1),
                b.reshape(b.cast(node.input(2), OnnxType.INT64), 1),
                b.reshape(overlap, 1),
                b.reshape(score, 1));
        Value boxes = b.slice(found, List.of(1L), List.of(new SliceRange(2, 3, 1)));
        return b.cast(b.squeeze(boxes, 1), OnnxType.INT32);
    }
}
