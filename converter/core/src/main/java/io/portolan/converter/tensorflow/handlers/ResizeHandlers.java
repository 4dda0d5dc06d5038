package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.ElementTypes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.proto.DataType;

/** Ops that resize images. */
final class ResizeHandlers {
    private static final String[] GRID = {"align_corners", "half_pixel_centers"};

    static final List<OpDefinition> OPS = List.of(
            op("ResizeBilinear", NUMBERS)
                    .reads(GRID)
                    .real(node -> resized(node, OnnxType.FLOAT, Attributes.of("mode", "linear"))),
            op("ResizeNearestNeighbor", ElementTypes.of(DataType.DT_FLOAT, DataType.DT_INT32))
                    .reads(GRID)
                    .real(ResizeHandlers::nearest),
            op("ResizeBicubic", NUMBERS)
                    .reads(GRID)
                    .limitedTo("sizes not below the image; TensorFlow rounds its weights to places of 1/1024")
                    .real(ResizeHandlers::cubic));

    private ResizeHandlers() {}

    /** With half-pixel centers and with aligned corners, positions round half up; otherwise they are rounded down. */
    private static Value nearest(NodeContext node) {
        boolean roundsUp = node.flag("half_pixel_centers") || node.flag("align_corners");
        return resized(
                node,
                node.input(0).element(),
                Attributes.of("mode", "nearest").with("nearest_mode", roundsUp ? "round_prefer_ceil" : "floor"));
    }

    /** Keys' kernel (a = -0.5) with half-pixel centers, otherwise a = -0.75. TensorFlow rounds its weights to positions of 1/1024. */
    private static Value cubic(NodeContext node) {
        boolean isCentered = node.flag("half_pixel_centers");
        return resized(
                node,
                OnnxType.FLOAT,
                Attributes.of("mode", "cubic")
                        .with("cubic_coeff_a", new Attribute.Real(isCentered ? -0.5f : -0.75f))
                        .with("exclude_outside", isCentered ? 1 : 0));
    }

    private static Value resized(NodeContext node, OnnxType type, Attributes attributes) {
        GraphBuilder b = node.builder();
        boolean isCubic = attributes.text("mode", "").equals("cubic");
        Value image = b.transpose(b.cast(node.input(0), type), 0, 3, 1, 2);
        Value sizes = b.concat(0, Shapes.sizes(b, image, 0, 2), b.cast(node.input(1), OnnxType.INT64));
        Value resized = b.apply(
                StandardOp.RESIZE,
                attributes.with("coordinate_transformation_mode", grid(node)),
                image,
                Value.ABSENT,
                Value.ABSENT,
                sizes);
        if (isCubic && IntStream.range(2, 4).anyMatch(axis -> shrinks(image, resized, axis))) {
            throw new IllegalArgumentException(
                    "expected a size not below that of the image: ONNX Runtime's cubic only enlarges");
        }
        return b.transpose(resized, 0, 2, 3, 1);
    }

    private static boolean shrinks(Value from, Value to, int axis) {
        return from.shape().dim(axis).isKnown()
                && to.shape().dim(axis).isKnown()
                && to.shape().dim(axis).coefficient() < from.shape().dim(axis).coefficient();
    }

    private static String grid(NodeContext node) {
        if (node.flag("align_corners")) {
            return "align_corners";
        }
        return node.flag("half_pixel_centers") ? "half_pixel" : "asymmetric";
    }
}
