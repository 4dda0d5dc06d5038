package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ElementTypes.FLOAT_ONLY;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/** Ops on the colours of images; channels are the last axis. */
final class ColourHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("AdjustContrastv2", FLOAT_ONLY).real(ColourHandlers::contrast),
            op("AdjustHue", FLOAT_ONLY).real(ColourHandlers::hue),
            op("AdjustSaturation", FLOAT_ONLY).real(ColourHandlers::saturation),
            op("RGBToHSV", FLOATS).real(node -> toHsv(node.builder(), node.input(0))),
            op("HSVToRGB", FLOATS).real(node -> toRgb(node.builder(), node.input(0))));

    private ColourHandlers() {}

    /** Scales the distance of every element from the mean of its channel. */
    private static Value contrast(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value mean = b.reduce(StandardOp.REDUCE_MEAN, x, true, x.rank() - 3, x.rank() - 2);
        return b.add(b.mul(b.sub(x, mean), node.input(1)), mean);
    }

    /** Turns the hue by a fraction of the circle. */
    private static Value hue(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        List<Value> hsv = channels(b, toHsv(b, x));
        Value turned = b.add(hsv.get(0), node.input(1));
        Value hue = b.sub(turned, b.apply(StandardOp.FLOOR, turned));
        return toRgb(b, b.concat(x.rank() - 1, hue, hsv.get(1), hsv.get(2)));
    }

    private static Value saturation(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        List<Value> hsv = channels(b, toHsv(b, x));
        Value scaled = b.apply(StandardOp.CLIP, b.mul(hsv.get(1), node.input(1)), b.like(x, 0), b.like(x, 1));
        return toRgb(b, b.concat(x.rank() - 1, hsv.get(0), scaled, hsv.get(2)));
    }

    private static List<Value> channels(GraphBuilder b, Value x) {
        return b.split(x, x.rank() - 1, List.of(1L, 1L, 1L));
    }

    /** The hue as a fraction of the circle: from the largest channel, and the difference of the others relative to the range of all three. */
    private static Value toHsv(GraphBuilder b, Value x) {
        List<Value> rgb = channels(b, x);
        Value zero = b.like(x, 0);
        Value one = b.like(x, 1);
        Value value = b.reduce(StandardOp.REDUCE_MAX, x, true, x.rank() - 1);
        Value range = b.sub(value, b.reduce(StandardOp.REDUCE_MIN, x, true, x.rank() - 1));
        Value isBlack = b.apply(StandardOp.LESS_OR_EQUAL, value, zero);
        Value isGrey = b.apply(StandardOp.LESS_OR_EQUAL, range, zero);
        Value saturation = b.where(isBlack, zero, b.div(range, b.where(isBlack, one, value)));
        Value sixth = b.div(b.like(x, 1.0 / 6), b.where(isGrey, one, range));
        Value fromGreen = b.add(b.mul(sixth, b.sub(rgb.get(2), rgb.get(0))), b.like(x, 2.0 / 6));
        Value fromBlue = b.add(b.mul(sixth, b.sub(rgb.get(0), rgb.get(1))), b.like(x, 4.0 / 6));
        Value hue = b.where(
                b.apply(StandardOp.EQUAL, rgb.get(0), value),
                b.mul(sixth, b.sub(rgb.get(1), rgb.get(2))),
                b.where(b.apply(StandardOp.EQUAL, rgb.get(1), value), fromGreen, fromBlue));
        Value turned = b.where(b.apply(StandardOp.LESS, hue, zero), b.add(hue, one), hue);
        return b.concat(x.rank() - 1, b.where(isGrey, zero, turned), saturation, value);
    }

    /** Every channel rises and falls over half of the circle of hues. */
    private static Value toRgb(GraphBuilder b, Value x) {
        List<Value> hsv = channels(b, x);
        Value sixths = b.mul(hsv.get(0), b.like(x, 6));
        Value red = b.sub(distance(b, sixths, 3), b.like(x, 1));
        Value green = b.sub(b.like(x, 2), distance(b, sixths, 2));
        Value blue = b.sub(b.like(x, 2), distance(b, sixths, 4));
        Value share = b.apply(StandardOp.CLIP, b.concat(x.rank() - 1, red, green, blue), b.like(x, 0), b.like(x, 1));
        Value coloured = b.add(b.sub(b.like(x, 1), hsv.get(1)), b.mul(hsv.get(1), share));
        return b.mul(coloured, hsv.get(2));
    }

    private static Value distance(GraphBuilder b, Value x, double from) {
        return b.apply(StandardOp.ABS, b.sub(x, b.like(x, from)));
    }
}
