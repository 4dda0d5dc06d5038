package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.IMAGES;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Ops that resize images. */
final class ResizeHandlers {
    private static final String[] GRID = {"align_corners", "half_pixel_centers"};

    static final List<OpDefinition> OPS = List.of(
            op("ResizeBilinear", IMAGES)
                    .reads(GRID)
                    .real(node -> resized(node, OnnxType.FLOAT, Attributes.of("mode", "linear"))),
            op("ResizeNearestNeighbor", IMAGES).reads(GRID).real(ResizeHandlers::nearest),
            op("ResizeBicubic", IMAGES).reads(GRID).real(ResizeHandlers::cubic));

    /** The element types for which ONNX Runtime repeats pixels. */
    private static final Set<OnnxType> REPEATED = Set.of(OnnxType.FLOAT, OnnxType.INT32);

    private ResizeHandlers() {}

    /**
     * ONNX's operator where its positions are TensorFlow's for certain: each pixel becomes several. For other sizes they may round to the
     * other neighbour.
     */
    private static Value nearest(NodeContext node) {
        PixelGrid.Alignment alignment = alignment(node);
        boolean isSafe = REPEATED.contains(node.input(0).element())
                && axes().allMatch(axis -> repeats(node, axis)
                        .filter(times -> alignment == PixelGrid.Alignment.EDGES
                                || alignment == PixelGrid.Alignment.ORIGIN && Long.bitCount(times) == 1)
                        .isPresent());
        if (isSafe) {
            boolean roundsUp = alignment == PixelGrid.Alignment.EDGES;
            Attributes attributes =
                    Attributes.of("mode", "nearest").with("nearest_mode", roundsUp ? "round_prefer_ceil" : "floor");
            return resized(node, node.input(0).element(), attributes);
        }
        GraphBuilder b = node.builder();
        Value image = node.input(0);
        for (int axis = 1; axis < 3; axis++) {
            Value origins = grid(node, axis).nearest(alignment);
            image = b.apply(StandardOp.GATHER, Attributes.of("axis", axis), image, origins);
        }
        return image;
    }

    /**
     * Keys' kernel (a = -0.5) with half-pixel centers, otherwise a = -0.75. TensorFlow rounds places to multiples of 1/1024; where they
     * are such multiples and the image grows, it is what ONNX's operator computes.
     */
    private static Value cubic(NodeContext node) {
        boolean isCentred = node.flag("half_pixel_centers");
        double a = isCentred ? -0.5 : -0.75;
        if (axes().allMatch(axis -> isOnPlaces(node, axis))) {
            return resized(
                    node,
                    OnnxType.FLOAT,
                    Attributes.of("mode", "cubic")
                            .with("cubic_coeff_a", new Attribute.Real((float) a))
                            .with("exclude_outside", isCentred ? 1 : 0));
        }
        GraphBuilder b = node.builder();
        CubicWeights weights = new CubicWeights(b, a, isCentred);
        Value image = b.cast(node.input(0), OnnxType.FLOAT);
        for (int axis = 1; axis < 3; axis++) {
            image = weights.interpolated(image, axis, grid(node, axis), alignment(node));
        }
        return image;
    }

    private static IntStream axes() {
        return IntStream.of(1, 2);
    }

    private static PixelGrid grid(NodeContext node, int axis) {
        GraphBuilder b = node.builder();
        return new PixelGrid(b, Shapes.size(b, node.input(0), axis), newSize(node, axis));
    }

    private static Value newSize(NodeContext node, int axis) {
        GraphBuilder b = node.builder();
        return FillHandlers.element(b, b.cast(node.input(1), OnnxType.INT64), axis - 1L);
    }

    /** How many pixels each pixel along an axis becomes, if it is known to be a whole number. */
    private static Optional<Long> repeats(NodeContext node, int axis) {
        Dim from = node.input(0).shape().dim(axis);
        return newSize(node, axis)
                .contents()
                .map(size -> size.get(0).dividedBy(from))
                .filter(Dim::isKnown)
                .map(Dim::coefficient);
    }

    /** Whether a known axis grows such that all places of new pixels are multiples of 1/1024. */
    private static boolean isOnPlaces(NodeContext node, int axis) {
        Dim from = node.input(0).shape().dim(axis);
        Value size = newSize(node, axis);
        if (!from.isKnown() || !size.isConstant()) {
            return false;
        }
        long before = from.coefficient();
        long behind = size.data().orElseThrow().longAt(0);
        return behind >= before
                && switch (alignment(node)) {
                    case EDGES -> before * CubicWeights.PLACES / 2 % behind == 0;
                    case ORIGIN -> before * CubicWeights.PLACES % behind == 0;
                    case CENTRES -> behind > 1 && (before - 1) * CubicWeights.PLACES % (behind - 1) == 0;
                };
    }

    private static Value resized(NodeContext node, OnnxType type, Attributes attributes) {
        GraphBuilder b = node.builder();
        Value image = b.transpose(b.cast(node.input(0), type), 0, 3, 1, 2);
        Value sizes = b.concat(0, Shapes.sizes(b, image, 0, 2), b.cast(node.input(1), OnnxType.INT64));
        Value resized = b.apply(
                StandardOp.RESIZE,
                attributes.with("coordinate_transformation_mode", coordinates(node)),
                image,
                Value.ABSENT,
                Value.ABSENT,
                sizes);
        return b.transpose(resized, 0, 2, 3, 1);
    }

    private static PixelGrid.Alignment alignment(NodeContext node) {
        if (node.flag("align_corners")) {
            return PixelGrid.Alignment.CENTRES;
        }
        return node.flag("half_pixel_centers") ? PixelGrid.Alignment.EDGES : PixelGrid.Alignment.ORIGIN;
    }

    private static String coordinates(NodeContext node) {
        return switch (alignment(node)) {
            case EDGES -> "half_pixel";
            case ORIGIN -> "asymmetric";
            case CENTRES -> "align_corners";
        };
    }
}
