package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.IMAGES;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/**
 * Resizing by weights of rows and of columns: two products with matrices (new size, old size), which are computed from sizes that may be
 * known only at run time. Images are (batch, height, width, channels) of any type; the results are floats.
 */
final class ResamplingHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("ResizeArea", IMAGES).reads("align_corners").real(ResamplingHandlers::byArea),
            op("ScaleAndTranslate", IMAGES).reads("kernel_type", "antialias").real(ResamplingHandlers::byKernel));

    private ResamplingHandlers() {}

    /** The weights of one axis. */
    private interface Weights {
        /**
         * A matrix (new size, old size).
         *
         * @param axis 0 for the height, 1 for the width
         * @param to the new size, a vector of one
         * @param from the old one
         */
        Value of(int axis, Value to, Value from);
    }

    private static Value resampled(NodeContext node, Weights weights) {
        GraphBuilder b = node.builder();
        Value x = b.cast(node.input(0), OnnxType.FLOAT);
        Value rows = weights(node, weights, 0);
        Value columns = weights(node, weights, 1);
        Value byRow = Shapes.reshape(
                b, x, List.of(Shapes.sizes(b, x, 0, 2), b.mul(Shapes.size(b, x, 2), Shapes.size(b, x, 3))));
        Value lines = Shapes.reshape(
                b, b.matMul(rows, byRow), List.of(Shapes.size(b, x, 0), size(node, 0), Shapes.sizes(b, x, 2, 4)));
        return b.matMul(columns, lines);
    }

    private static Value weights(NodeContext node, Weights weights, int axis) {
        return weights.of(axis, size(node, axis), Shapes.size(node.builder(), node.input(0), axis + 1));
    }

    private static Value size(NodeContext node, int axis) {
        GraphBuilder b = node.builder();
        return FillHandlers.element(b, b.cast(node.input(1), OnnxType.INT64), axis);
    }

    /** A pixel is the mean of what it covers of the old image; what is beyond the last old pixel looks like it. */
    private static Value byArea(NodeContext node) {
        GraphBuilder b = node.builder();
        PixelGrid.Alignment alignment =
                node.flag("align_corners") ? PixelGrid.Alignment.CENTRES : PixelGrid.Alignment.ORIGIN;
        return resampled(node, (axis, to, from) -> {
            PixelGrid grid = new PixelGrid(b, from, to);
            Value scale = grid.scale(alignment);
            Value start = b.unsqueeze(b.mul(grid.pixels(), scale), 1);
            Value end = b.unsqueeze(b.mul(b.add(grid.pixels(), b.like(scale, 1)), scale), 1);
            Value pixel = grid.oldPixels();
            Value next = b.add(pixel, b.like(pixel, 1));
            Value isLast = b.apply(StandardOp.EQUAL, next, b.cast(from, OnnxType.FLOAT));
            Value low = b.apply(StandardOp.MAX, start, pixel);
            Value high = b.apply(StandardOp.MIN, end, b.where(isLast, b.like(pixel, Double.POSITIVE_INFINITY), next));
            return b.div(b.apply(StandardOp.MAX, b.sub(high, low), b.like(low, 0)), scale);
        });
    }

    /** Each new pixel weighs old ones by their distance from its centre, such that all weights add up to 1. */
    private static Value byKernel(NodeContext node) {
        GraphBuilder b = node.builder();
        ResampleKernel kernel = ResampleKernel.of(node.text("kernel_type", "lanczos3"));
        boolean isSmooth = !node.hasAttribute("antialias") || node.flag("antialias");
        return resampled(node, (axis, to, from) -> {
            PixelGrid grid = new PixelGrid(b, from, to);
            Value inverse = b.apply(StandardOp.RECIPROCAL, FillHandlers.element(b, node.input(2), axis));
            Value shift = b.neg(b.mul(inverse, FillHandlers.element(b, node.input(3), axis)));
            Value half = b.like(inverse, 0.5);
            Value centre = b.unsqueeze(b.add(b.mul(b.add(grid.pixels(), half), inverse), shift), 1);
            Value distance = b.apply(StandardOp.ABS, b.sub(b.add(grid.oldPixels(), half), centre));
            Value one = b.like(inverse, 1);
            Value width = isSmooth ? b.apply(StandardOp.MAX, inverse, one) : one;
            Value weights = kernel.at(b, b.div(distance, width));
            Value total = b.reduce(StandardOp.REDUCE_SUM, weights, true, 1);
            // TensorFlow's bounds: a pixel whose centre is outside of the image is 0, and so are sums too small to
            // divide by.
            Value isInside = b.apply(
                    StandardOp.AND,
                    b.apply(StandardOp.GREATER_OR_EQUAL, centre, b.like(centre, 0)),
                    b.apply(StandardOp.LESS_OR_EQUAL, centre, b.cast(from, OnnxType.FLOAT)));
            Value isLarge = b.apply(
                    StandardOp.GREATER_OR_EQUAL,
                    b.apply(StandardOp.ABS, total),
                    b.like(total, 1000 * Float.MIN_NORMAL));
            return b.where(b.apply(StandardOp.AND, isInside, isLarge), b.div(weights, total), b.like(weights, 0));
        });
    }
}
