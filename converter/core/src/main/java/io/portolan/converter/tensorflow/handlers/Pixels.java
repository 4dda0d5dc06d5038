package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import java.util.List;

/** Pixels of a batch of images (batch, height, width, channels), read at indices that are computed. */
final class Pixels {
    private final GraphBuilder b;
    private final Value rows;
    private final Value height;
    private final Value width;

    Pixels(GraphBuilder b, Value images) {
        this.b = b;
        this.rows = Shapes.reshape(b, images, List.of(b.longs(-1), Shapes.size(b, images, 3)));
        this.height = Shapes.size(b, images, 1);
        this.width = Shapes.size(b, images, 2);
    }

    /** The largest row (0) or column (1) as a float, a vector of one. */
    Value last(int axis) {
        Value size = axis == 0 ? height : width;
        return b.cast(b.sub(size, b.longs(1)), OnnxType.FLOAT);
    }

    /** Whether whole rows (0) or columns (1), as floats, are in the image. */
    Value isInside(Value place, int axis) {
        return b.apply(
                StandardOp.AND,
                b.apply(StandardOp.GREATER_OR_EQUAL, place, b.like(place, 0)),
                b.apply(StandardOp.LESS_OR_EQUAL, place, last(axis)));
    }

    /**
     * The pixels, with the channels as last axis.
     *
     * @param image the indices of images, integers
     * @param y the rows, whole floats that broadcast with the others; those outside are taken to be the next inside
     * @param x the columns
     */
    Value at(Value image, Value y, Value x) {
        Value line = b.add(b.mul(b.cast(image, OnnxType.INT64), height), index(y, 0));
        Value place = b.add(b.mul(line, width), index(x, 1));
        return b.apply(StandardOp.GATHER, rows, place);
    }

    private Value index(Value place, int axis) {
        Value inside = b.apply(StandardOp.MIN, b.apply(StandardOp.MAX, place, b.like(place, 0)), last(axis));
        return b.cast(inside, OnnxType.INT64);
    }
}
