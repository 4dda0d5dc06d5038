package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;

/**
 * The pixels of a new axis on the old one, in the float arithmetic of TensorFlow's kernels; sizes may be known only at run time.
 *
 * @param b appends the nodes
 * @param from the old size, a vector of one
 * @param to the new size, a vector of one
 */
record PixelGrid(GraphBuilder b, Value from, Value to) {
    /** How the pixels of both sizes lie on each other. */
    enum Alignment {
        /** The outer edges coincide. */
        EDGES,
        /** The outer edges coincide, and pixels are at their upper left corners. */
        ORIGIN,
        /** The centres of the outer pixels coincide. */
        CENTRES
    }

    /** The number of old pixels for each new one. */
    Value scale(Alignment alignment) {
        return alignment == Alignment.CENTRES ? betweenCentres() : quotient(from, to);
    }

    /** A single new pixel is scaled as without alignment. */
    private Value betweenCentres() {
        Value one = b.like(to, 1);
        Value isOne = b.cast(b.apply(StandardOp.EQUAL, to, one), OnnxType.INT64);
        return quotient(b.add(b.sub(from, one), isOne), b.add(b.sub(to, one), isOne));
    }

    private Value quotient(Value x, Value y) {
        return b.div(b.cast(x, OnnxType.FLOAT), b.cast(y, OnnxType.FLOAT));
    }

    /** The indices of the new pixels, as floats. */
    Value pixels() {
        return indices(to);
    }

    /** The indices of the old pixels, as floats. */
    Value oldPixels() {
        return indices(from);
    }

    private Value indices(Value count) {
        return b.cast(FillHandlers.positions(b, count), OnnxType.FLOAT);
    }

    /** The places of the centres of the new pixels (new size) among old ones, as fractions of their indices. */
    Value places(Alignment alignment) {
        Value scale = scale(alignment);
        Value half = b.like(scale, 0.5);
        return alignment == Alignment.EDGES ? b.sub(b.mul(b.add(pixels(), half), scale), half) : b.mul(pixels(), scale);
    }

    /** The index of the old pixel that is nearest to each new one (new size). */
    Value nearest(Alignment alignment) {
        Value scale = scale(alignment);
        Value half = b.like(scale, 0.5);
        Value places = switch (alignment) {
            case EDGES -> b.mul(b.add(pixels(), half), scale);
            case ORIGIN -> b.mul(pixels(), scale);
            case CENTRES -> b.add(b.mul(pixels(), scale), half);
        };
        return inside(b.cast(b.apply(StandardOp.FLOOR, places), OnnxType.INT64));
    }

    /** Indices, limited to those of old pixels. */
    Value inside(Value indices) {
        Value last = b.sub(from, b.like(from, 1));
        return b.apply(StandardOp.MIN, b.apply(StandardOp.MAX, indices, b.like(indices, 0)), last);
    }
}
