package io.portolan.converter.passes.fourier;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A complex tensor, as two values of the graph.
 *
 * @param re real parts
 * @param im imaginary parts, of the same shape
 */
record ComplexParts(Value re, Value im) {
    /** Applies a function to both parts. */
    ComplexParts map(UnaryOperator<Value> change) {
        return new ComplexParts(change.apply(re), change.apply(im));
    }

    /** The imaginary parts as real ones and the real parts as imaginary ones. */
    ComplexParts exchanged() {
        return new ComplexParts(im, re);
    }

    List<Value> parts() {
        return List.of(re, im);
    }

    int rank() {
        return re.rank();
    }

    int size(int axis) {
        return Math.toIntExact(re.shape().dim(axis).coefficient());
    }

    /** A slice of the columns of both parts. */
    ComplexParts columns(SliceRange range, GraphBuilder b) {
        return map(part -> b.slice(part, List.of(part.rank() - 1L), List.of(range)));
    }

    /**
     * The full spectrum from a half spectrum of a real signal: appends the conjugates of the columns that have a mirror image. The
     * imaginary parts of the others are ignored.
     *
     * @param width the number of columns of the full spectrum
     */
    ComplexParts withMirroredColumns(int width, GraphBuilder b) {
        int columns = size(-1);
        double[] counts = new double[columns];
        Arrays.setAll(counts, column -> column == 0 || 2 * column == width ? 0 : 1);
        ComplexParts half =
                new ComplexParts(re, b.mul(im, b.constant(TensorData.ofDoubles(im.element(), counts, columns))));
        ComplexParts mirrored = half.columns(new SliceRange(width - columns, 0, -1), b);
        return new ComplexParts(
                b.concat(rank() - 1, half.re, mirrored.re), b.concat(rank() - 1, half.im, b.neg(mirrored.im)));
    }
}
