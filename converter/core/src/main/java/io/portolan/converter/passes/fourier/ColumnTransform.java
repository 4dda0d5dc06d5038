package io.portolan.converter.passes.fourier;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Builds the complex Fourier transform of columns, that is, along the second-to-last axis. Up to {@link #LONGEST_PRODUCT} points it
 * is one matrix product; longer transforms are split in two (Cooley–Tukey), so that the file does not grow with the square of the
 * length.
 */
final class ColumnTransform {
    /** Up to this many points, one product is fast and its matrices are small. */
    static final int LONGEST_PRODUCT = 512;

    /** The largest prime factor of a size with matrices: they grow with its square, to 128 MiB for this one. */
    private static final int LARGEST_FACTOR = 4096;

    private final GraphBuilder b;
    private final DftMatrices matrices;
    private final boolean inverse;

    ColumnTransform(GraphBuilder b, DftMatrices matrices, boolean inverse) {
        this.b = b;
        this.matrices = matrices;
        this.inverse = inverse;
    }

    /** Whether the matrices of a transform along an axis of this size are known, and of a size that a file can hold. */
    static boolean hasMatrices(Dim size) {
        return size.isKnown() && largestPrimeFactor(size.coefficient()) <= LARGEST_FACTOR;
    }

    private static long largestPrimeFactor(long size) {
        long rest = size;
        for (long factor = 2; factor * factor <= rest; factor++) {
            while (rest % factor == 0 && rest > factor) {
                rest /= factor;
            }
        }
        return rest;
    }

    /** The transform along an axis that has no matrices. */
    ComplexParts byOperator(ComplexParts x, int axis) {
        return new DftOperator(b, true).transformed(x, axis, inverse);
    }

    /** The transform of (..., N, M) along the axis of N. */
    ComplexParts of(ComplexParts x) {
        int size = x.size(-2);
        int factor = largestFactor(size);
        return size <= LONGEST_PRODUCT || factor == 1 ? product(x, size) : split(x, factor, size / factor);
    }

    /** The largest divisor up to the square root; 1 for primes. */
    private static int largestFactor(int size) {
        int factor = (int) Math.sqrt(size);
        while (size % factor != 0) {
            factor--;
        }
        return factor;
    }

    private ComplexParts product(ComplexParts x, int size) {
        Value stacked = b.concat(x.rank() - 2, x.re(), x.im());
        return inverse
                ? new ComplexParts(
                        b.matMul(matrices.pointsRe(size, stacked.element()), stacked),
                        b.matMul(matrices.pointsIm(size, stacked.element()), stacked))
                : new ComplexParts(
                        b.matMul(matrices.spectrumRe(size, stacked.element()), stacked),
                        b.matMul(matrices.spectrumIm(size, stacked.element()), stacked));
    }

    /**
     * Point {@code inner i + j} goes to row i and column j. Columns are transformed, multiplied by the twiddle factors, and then
     * rows are transformed; frequency {@code k + outer l} is in column k of the result for row l.
     */
    private ComplexParts split(ComplexParts x, int outer, int inner) {
        int rank = x.rank();
        Value leading = sizes(x.re(), 0, rank - 2);
        Value width = sizes(x.re(), rank - 1, rank);
        ComplexParts columns = of(reshaped(x, leading, b.longs(outer), b.mul(b.longs(inner), width)));
        ComplexParts twiddled = twiddled(reshaped(columns, leading, b.longs(outer, inner), width), outer, inner);
        long[] swapped = LongStream.concat(LongStream.range(0, rank - 2), LongStream.of(rank - 1, rank - 2, rank))
                .toArray();
        ComplexParts rows = twiddled.map(part -> b.transpose(part, swapped));
        ComplexParts transformed = of(reshaped(rows, leading, b.longs(inner), b.mul(b.longs(outer), width)));
        return reshaped(transformed, leading, b.longs((long) outer * inner), width);
    }

    private ComplexParts twiddled(ComplexParts x, int outer, int inner) {
        Value cos = matrices.twiddlesRe(outer, inner, x.re().element());
        Value sin = matrices.twiddlesIm(outer, inner, x.re().element());
        Value ahead = b.mul(x.im(), sin);
        Value behind = b.mul(x.re(), sin);
        return inverse
                ? new ComplexParts(b.sub(b.mul(x.re(), cos), ahead), b.add(b.mul(x.im(), cos), behind))
                : new ComplexParts(b.add(b.mul(x.re(), cos), ahead), b.sub(b.mul(x.im(), cos), behind));
    }

    private Value sizes(Value x, long from, long to) {
        return b.slice(b.shapeOf(x), List.of(0L), List.of(new SliceRange(from, to, 1)));
    }

    private ComplexParts reshaped(ComplexParts x, Value... sizes) {
        Value[] given =
                Stream.of(sizes).filter(size -> !size.shape().dim(0).is(0)).toArray(Value[]::new);
        return x.map(part -> b.reshape(part, b.concat(0, given)));
    }
}
