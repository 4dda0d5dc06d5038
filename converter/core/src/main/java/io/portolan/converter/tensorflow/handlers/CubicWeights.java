package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.List;

/**
 * Cubic convolution (Keys, 1981) as TensorFlow's kernel computes it: each new pixel is the weighted sum of four old ones, and weights are
 * those of the nearest of {@value #PLACES} places between two pixels.
 *
 * @param b appends the nodes
 * @param a the slope of the kernel at distance 1
 * @param excludesOutside whether pixels outside of the image have no weight; otherwise they look like the nearest one inside
 */
record CubicWeights(GraphBuilder b, double a, boolean excludesOutside) {
    /** The number of places between two pixels. */
    static final int PLACES = 1024;

    private static final int TAPS = 4;

    /** An image (batch, height, width, channels) with another size of axis 1 or 2. */
    Value interpolated(Value image, int axis, PixelGrid grid, PixelGrid.Alignment alignment) {
        Value places = grid.places(alignment);
        Value floor = b.apply(StandardOp.FLOOR, places);
        Value between = b.sub(places, floor);
        Value place = b.cast(b.apply(StandardOp.ROUND, b.mul(between, b.like(between, PLACES))), OnnxType.INT64);
        Value taps = b.add(b.unsqueeze(b.cast(floor, OnnxType.INT64), 1), b.longs(-1, 0, 1, 2));
        Value inside = grid.inside(taps);
        Value weights = b.apply(StandardOp.GATHER, Attributes.of("axis", 0), table(), place);
        if (excludesOutside) {
            Value kept = b.where(b.apply(StandardOp.EQUAL, taps, inside), weights, b.like(weights, 0));
            weights = b.div(kept, sum(kept));
        }
        // (..., new size, 4, ...)
        Value pixels = b.apply(StandardOp.GATHER, Attributes.of("axis", axis), image, inside);
        Value aligned = axis == 1 ? b.unsqueeze(weights, 2, 3) : b.unsqueeze(weights, 2);
        return b.reduce(StandardOp.REDUCE_SUM, b.mul(pixels, aligned), false, axis + 1L);
    }

    /** The sums of four weights: additions, unlike a reduction, are evaluated if they are known. */
    private Value sum(Value weights) {
        Value sum = null;
        for (long tap = 0; tap < TAPS; tap++) {
            Value weight = b.slice(weights, List.of(1L), List.of(new SliceRange(tap, tap + 1, 1)));
            sum = sum == null ? weight : b.add(sum, weight);
        }
        return sum;
    }

    /** The weights of the four pixels around each place. */
    private Value table() {
        double[] weights = new double[(PLACES + 1) * TAPS];
        for (int place = 0; place <= PLACES; place++) {
            double behind = (double) place / PLACES;
            double ahead = 1 - behind;
            weights[TAPS * place] = far(1 + behind);
            weights[TAPS * place + 1] = near(behind);
            weights[TAPS * place + 2] = near(ahead);
            weights[TAPS * place + 3] = far(1 + ahead);
        }
        return b.constant(TensorData.ofDoubles(OnnxType.FLOAT, weights, PLACES + 1L, TAPS));
    }

    /** The kernel at distances up to 1. */
    private double near(double x) {
        return ((a + 2) * x - (a + 3)) * x * x + 1;
    }

    /** The kernel at distances from 1 to 2. */
    private double far(double x) {
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
    }
}
