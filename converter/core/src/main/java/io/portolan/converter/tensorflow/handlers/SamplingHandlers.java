package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.IMAGES;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.SpecialFunctions;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.Map;

/** Ops that sample images at positions which are inputs: crops and projective transforms. */
final class SamplingHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("CropAndResize", IMAGES)
                    .reads("method", "extrapolation_value")
                    .limitedTo("a constant crop_size")
                    .real(SamplingHandlers::crop),
            op("ImageProjectiveTransformV2", FLOATS)
                    .inSinglePrecision()
                    .typedBy("dtype")
                    .reads("interpolation", "fill_mode")
                    .real(node -> projected(node, node.builder().like(node.input(0), 0))),
            op("ImageProjectiveTransformV3", FLOATS)
                    .inSinglePrecision()
                    .typedBy("dtype")
                    .reads("interpolation", "fill_mode")
                    .real(node -> projected(
                            node,
                            node.builder().cast(node.input(3), node.input(0).element()))));

    /** Where a position beyond the image is read instead, by its mode. */
    private interface Folding {
        /**
         * The position to read.
         *
         * @param x any positions
         * @param last the last index of the axis
         */
        Value of(GraphBuilder b, Value x, Value last);
    }

    private static final Map<String, Folding> FOLDINGS = Map.of(
            "CONSTANT", (b, x, last) -> x,
            "NEAREST", SamplingHandlers::clamped,
            "REFLECT", SamplingHandlers::reflected,
            "WRAP", SamplingHandlers::wrapped);

    private SamplingHandlers() {}

    /** Boxes (y, x, y, x) relative to the last row and column, each sampled at equal distances; what is outside has one value. */
    private static Value crop(NodeContext node) {
        GraphBuilder b = node.builder();
        Pixels pixels = new Pixels(b, b.cast(node.input(0), OnnxType.FLOAT));
        List<Value> sides = b.split(node.input(1), 1, List.of(1L, 1L, 1L, 1L));
        Value y = b.unsqueeze(positions(node, pixels, sides, 0), 2);
        Value x = b.unsqueeze(positions(node, pixels, sides, 1), 1);
        Value image = b.unsqueeze(node.input(2), 1, 2);
        Value isInside = b.apply(StandardOp.AND, pixels.isInside(y, 0), pixels.isInside(x, 1));
        String method = node.text("method", "bilinear");
        Value sampled = switch (method) {
            case "bilinear" -> interpolated(b, pixels, image, y, x);
            case "nearest" -> pixels.at(image, SpecialFunctions.roundAway(b, y), SpecialFunctions.roundAway(b, x));
            default -> throw new IllegalArgumentException("expected method bilinear or nearest, got " + method);
        };
        return b.where(b.unsqueeze(isInside, 3), sampled, b.like(sampled, node.real("extrapolation_value", 0)));
    }

    /** The positions along one axis, (boxes, crop size); a single one is the middle of the box. */
    private static Value positions(NodeContext node, Pixels pixels, List<Value> sides, int axis) {
        GraphBuilder b = node.builder();
        long count = node.integers(3).get(axis);
        Value low = sides.get(axis);
        Value high = sides.get(axis + 2);
        Value last = pixels.last(axis);
        if (count == 1) {
            return b.mul(b.mul(b.like(low, 0.5), b.add(low, high)), last);
        }
        Value step = b.div(b.mul(b.sub(high, low), last), b.like(low, count - 1));
        Value index = b.cast(FillHandlers.positions(b, b.longs(count)), OnnxType.FLOAT);
        return b.add(b.mul(low, last), b.mul(index, step));
    }

    private static Value interpolated(GraphBuilder b, Pixels pixels, Value image, Value y, Value x) {
        Value top = b.apply(StandardOp.FLOOR, y);
        Value bottom = b.apply(StandardOp.CEIL, y);
        Value left = b.apply(StandardOp.FLOOR, x);
        Value right = b.apply(StandardOp.CEIL, x);
        Value across = b.unsqueeze(b.sub(x, left), 3);
        Value upper = between(b, pixels.at(image, top, left), pixels.at(image, top, right), across);
        Value lower = between(b, pixels.at(image, bottom, left), pixels.at(image, bottom, right), across);
        return between(b, upper, lower, b.unsqueeze(b.sub(y, top), 3));
    }

    private static Value between(GraphBuilder b, Value from, Value to, Value share) {
        return b.add(from, b.mul(b.sub(to, from), share));
    }

    /** Each pixel (x, y) of the result is read at ((a x + b y + c) / k, (d x + e y + f) / k) with k = g x + h y + 1. */
    private static Value projected(NodeContext node, Value fill) {
        GraphBuilder b = node.builder();
        Value images = node.input(0);
        Pixels pixels = new Pixels(b, images);
        List<Value> factors = b.split(b.unsqueeze(node.input(1), 2), 1, List.of(1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L));
        Value sizes = b.cast(node.input(2), OnnxType.INT64);
        Value row = b.unsqueeze(floats(b, FillHandlers.element(b, sizes, 0)), 0, 2);
        Value column = b.unsqueeze(floats(b, FillHandlers.element(b, sizes, 1)), 0, 1);
        Value one = b.constant(TensorData.scalar(OnnxType.FLOAT, 1));
        Value depth = sum(b, factors.get(6), column, factors.get(7), row, one);
        Value x = b.div(sum(b, factors.get(0), column, factors.get(1), row, factors.get(2)), depth);
        Value y = b.div(sum(b, factors.get(3), column, factors.get(4), row, factors.get(5)), depth);
        String mode = node.text("fill_mode", "CONSTANT");
        Folding folding = FOLDINGS.get(mode);
        if (folding == null) {
            throw new IllegalArgumentException("expected a fill_mode of " + FOLDINGS.keySet() + ", got " + mode);
        }
        Reader reader = new Reader(b, pixels, image(b, images), fill);
        Value sampled = sampled(
                node, reader, folding.of(b, y, pixels.last(0)), folding.of(b, x, pixels.last(1)), images.element());
        Value isNowhere = b.apply(StandardOp.EQUAL, depth, b.like(depth, 0));
        return b.where(b.unsqueeze(isNowhere, 3), fill, sampled);
    }

    private static Value sampled(NodeContext node, Reader reader, Value y, Value x, OnnxType type) {
        GraphBuilder b = node.builder();
        String interpolation = node.text("interpolation", "");
        if (interpolation.equals("NEAREST")) {
            return reader.at(SpecialFunctions.roundAway(b, y), SpecialFunctions.roundAway(b, x));
        }
        if (!interpolation.equals("BILINEAR")) {
            throw new IllegalArgumentException("expected interpolation NEAREST or BILINEAR, got " + interpolation);
        }
        Value top = b.apply(StandardOp.FLOOR, y);
        Value left = b.apply(StandardOp.FLOOR, x);
        Value bottom = b.add(top, b.like(top, 1));
        Value right = b.add(left, b.like(left, 1));
        Value across = b.cast(b.unsqueeze(b.sub(x, left), 3), type);
        Value down = b.cast(b.unsqueeze(b.sub(y, top), 3), type);
        Value upper = between(b, reader.at(top, left), reader.at(top, right), across);
        Value lower = between(b, reader.at(bottom, left), reader.at(bottom, right), across);
        return between(b, upper, lower, down);
    }

    /** Reads pixels of each image at its own positions, or the fill where those are outside. */
    private record Reader(GraphBuilder b, Pixels pixels, Value image, Value fill) {
        Value at(Value y, Value x) {
            Value isInside = b.apply(StandardOp.AND, pixels.isInside(y, 0), pixels.isInside(x, 1));
            return b.where(b.unsqueeze(isInside, 3), pixels.at(image, y, x), fill);
        }
    }

    private static Value image(GraphBuilder b, Value images) {
        return b.unsqueeze(FillHandlers.positions(b, Shapes.size(b, images, 0)), 1, 2);
    }

    private static Value floats(GraphBuilder b, Value count) {
        return b.cast(FillHandlers.positions(b, count), OnnxType.FLOAT);
    }

    private static Value sum(GraphBuilder b, Value a, Value x, Value c, Value y, Value constant) {
        return b.add(b.add(b.mul(a, x), b.mul(c, y)), constant);
    }

    private static Value clamped(GraphBuilder b, Value x, Value last) {
        return b.apply(StandardOp.MIN, b.apply(StandardOp.MAX, x, b.like(x, 0)), last);
    }

    /** The image continued by its mirror images, each of which begins with the pixel at the edge. */
    private static Value reflected(GraphBuilder b, Value x, Value last) {
        Value one = b.like(x, 1);
        Value size = b.add(last, one);
        Value twice = b.add(size, size);
        Value mirrored = b.where(b.apply(StandardOp.LESS, x, b.like(x, 0)), b.sub(b.neg(x), one), x);
        Value phase = b.sub(mirrored, b.mul(b.apply(StandardOp.FLOOR, b.div(mirrored, twice)), twice));
        Value isBack = b.apply(StandardOp.GREATER_OR_EQUAL, phase, size);
        Value folded = b.where(isBack, b.sub(b.sub(twice, phase), one), phase);
        return clamped(b, folded, last);
    }

    /** The image repeated; between two repetitions TensorFlow reads the pixel at the edge. */
    private static Value wrapped(GraphBuilder b, Value x, Value last) {
        Value size = b.add(last, b.like(last, 1));
        Value isBefore = b.apply(StandardOp.LESS, x, b.like(x, 0));
        Value one = b.like(x, 1);
        Value distance = b.div(b.apply(StandardOp.ABS, x), b.apply(StandardOp.MAX, last, one));
        Value turns = b.apply(StandardOp.FLOOR, distance);
        Value moved = b.where(isBefore, b.add(x, b.mul(size, b.add(turns, one))), b.sub(x, b.mul(size, turns)));
        return clamped(b, moved, last);
    }
}
