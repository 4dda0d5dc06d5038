package io.portolan.converter.passes.fourier;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A complex tensor.
 *
 * @param re real parts
 * @param im imaginary parts, of the same shape
 */
record Spectrum(Value re, Value im) {
    /** The same change to both parts. */
    Spectrum map(UnaryOperator<Value> change) {
        return new Spectrum(change.apply(re), change.apply(im));
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

    /** Some of the columns of both parts. */
    Spectrum columns(SliceRange range, GraphBuilder b) {
        return map(part -> b.slice(part, List.of(part.rank() - 1L), List.of(range)));
    }

    /**
     * With the mirror image of the columns that have one; those that have none are taken for real.
     *
     * @param width the number of columns to come to
     */
    Spectrum completed(int width, GraphBuilder b) {
        int columns = size(-1);
        double[] counts = new double[columns];
        Arrays.setAll(counts, column -> column == 0 || 2 * column == width ? 0 : 1);
        Spectrum half = new Spectrum(re, b.mul(im, b.constant(TensorData.ofDoubles(im.element(), counts, columns))));
        Spectrum mirrored = half.columns(new SliceRange(width - columns, 0, -1), b);
        return new Spectrum(
                b.concat(rank() - 1, half.re, mirrored.re), b.concat(rank() - 1, half.im, b.neg(mirrored.im)));
    }
}
