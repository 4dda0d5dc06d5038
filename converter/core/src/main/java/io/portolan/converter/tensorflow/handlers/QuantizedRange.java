package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;

/**
 * The range of floats that integers from {@code lowest} to {@code highest} stand for, if 0 stands for 0: as large as both ends allow.
 *
 * @param scale integers per unit
 * @param min the float of the lowest integer
 * @param max the float of the highest integer
 */
record QuantizedRange(Value scale, Value min, Value max) {
    /** The widest range of which no end is beyond the wanted ones, except for one that has the sign of the other. */
    static QuantizedRange scaled(GraphBuilder b, double lowest, double highest, Value min, Value max) {
        Value scale = b.apply(StandardOp.MIN, side(b, lowest, min), side(b, highest, max));
        return new QuantizedRange(scale, b.div(b.like(min, lowest), scale), b.div(b.like(max, highest), scale));
    }

    private static Value side(GraphBuilder b, double integer, Value end) {
        Value level = b.like(end, integer);
        Value isUsed = b.apply(StandardOp.GREATER, b.mul(level, end), b.like(end, 0));
        return b.where(isUsed, b.div(level, end), b.like(end, Float.MAX_VALUE));
    }

    /** A number within the range, in units of the integers, not yet rounded. */
    Value level(GraphBuilder b, Value x) {
        return b.mul(clamped(b, x), scale);
    }

    private Value clamped(GraphBuilder b, Value x) {
        return b.apply(StandardOp.MAX, b.apply(StandardOp.MIN, x, max), min);
    }
}
