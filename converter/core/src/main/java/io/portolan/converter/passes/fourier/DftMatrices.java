package io.portolan.converter.passes.fourier;

import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.HashMap;
import java.util.Map;

/**
 * Matrices of discrete Fourier transforms as constants of a graph, each created once. Angles are reduced to fractions of the
 * circle in integer arithmetic and evaluated in double precision, so every entry is the nearest value of its type.
 */
final class DftMatrices {
    /** The entry at a row and a column. */
    private interface Entry {
        double at(int row, int column);
    }

    private record Key(String name, OnnxType type) {}

    private final GraphBuilder builder;
    private final Map<Key, Value> made = new HashMap<>();

    /** Matrices for the graph of a builder. */
    DftMatrices(GraphBuilder builder) {
        this.builder = builder;
    }

    /** (N, N/2+1): a row of real points times this is the real part of its spectrum. */
    Value realSpectrumRe(int n, OnnxType type) {
        return matrix(
                "dft/rfft_re_" + n,
                type,
                n,
                (int) FourierOp.columns(n),
                (point, frequency) -> cos((long) point * frequency, n));
    }

    /** (N, N/2+1): a row of real points times this is the imaginary part of its spectrum. */
    Value realSpectrumIm(int n, OnnxType type) {
        return matrix(
                "dft/rfft_im_" + n,
                type,
                n,
                (int) FourierOp.columns(n),
                (point, frequency) -> -sin((long) point * frequency, n));
    }

    /** (N, 2N): this times a column of N real over N imaginary parts is the real part of its transform. */
    Value spectrumRe(int n, OnnxType type) {
        return matrix(
                "dft/fft_re_" + n,
                type,
                n,
                2 * n,
                (frequency, point) ->
                        point < n ? cos((long) frequency * point, n) : sin((long) frequency * (point - n), n));
    }

    /** (N, 2N): this times a column of N real over N imaginary parts is the imaginary part of its transform. */
    Value spectrumIm(int n, OnnxType type) {
        return matrix(
                "dft/fft_im_" + n,
                type,
                n,
                2 * n,
                (frequency, point) ->
                        point < n ? -sin((long) frequency * point, n) : cos((long) frequency * (point - n), n));
    }

    /** As {@link #spectrumRe}, for the inverse transform. */
    Value pointsRe(int n, OnnxType type) {
        return matrix(
                "dft/ifft_re_" + n,
                type,
                n,
                2 * n,
                (point, frequency) ->
                        (frequency < n ? cos((long) point * frequency, n) : -sin((long) point * (frequency - n), n))
                                / n);
    }

    /** As {@link #spectrumIm}, for the inverse transform. */
    Value pointsIm(int n, OnnxType type) {
        return matrix(
                "dft/ifft_im_" + n,
                type,
                n,
                2 * n,
                (point, frequency) ->
                        (frequency < n ? sin((long) point * frequency, n) : cos((long) point * (frequency - n), n))
                                / n);
    }

    /**
     * (2(N/2+1), N): a row of the real and then the imaginary parts of a half spectrum times this are the N real
     * points. Frequencies whose mirror image is not stored count twice; imaginary parts of the others are
     * ignored.
     */
    Value realPoints(int n, OnnxType type) {
        int columns = (int) FourierOp.columns(n);
        return matrix("dft/irfft_" + n, type, 2 * columns, n, (row, point) -> {
            int frequency = row % columns;
            double weight = frequency == 0 || 2 * frequency == n ? 1 : 2;
            long turn = (long) frequency * point;
            return weight / n * (row < columns ? cos(turn, n) : -sin(turn, n));
        });
    }

    /** (rows, columns, 1): the real parts of the twiddle factors between the two steps of a split transform. */
    Value twiddlesRe(int rows, int columns, OnnxType type) {
        int n = rows * columns;
        return constant("dft/turns_re_" + n, type, rows, columns, (i, j) -> cos((long) i * j, n), rows, columns, 1);
    }

    /** (rows, columns, 1): the imaginary parts of the twiddle factors, for the inverse transform. */
    Value twiddlesIm(int rows, int columns, OnnxType type) {
        int n = rows * columns;
        return constant("dft/turns_im_" + n, type, rows, columns, (i, j) -> sin((long) i * j, n), rows, columns, 1);
    }

    private Value matrix(String name, OnnxType type, int rows, int columns, Entry entry) {
        return constant(name, type, rows, columns, entry, rows, columns);
    }

    private Value constant(String name, OnnxType type, int rows, int columns, Entry entry, long... shape) {
        return made.computeIfAbsent(new Key(name, type), key -> {
            double[] entries = new double[Math.multiplyExact(rows, columns)];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = entry.at(i / columns, i % columns);
            }
            return builder.constant(TensorData.ofDoubles(type, entries, shape), name);
        });
    }

    private static double cos(long turn, int n) {
        // The cosine is the sine a quarter of the circle ahead; in quarters of 1/n the angle stays an integer.
        return sinOfQuarters(4 * (turn % n) + n, n);
    }

    private static double sin(long turn, int n) {
        return sinOfQuarters(4 * (turn % n), n);
    }

    /** The sine of {@code quarters / 4n} of the circle; exact at its zeros and extremes. */
    private static double sinOfQuarters(long quarters, int n) {
        long turn = quarters % (4L * n);
        long withinQuarter = turn % n;
        boolean falls = turn / n % 2 == 1;
        double size = sinOfQuarter(falls ? n - withinQuarter : withinQuarter, n);
        return turn < 2L * n ? size : -size;
    }

    /** The sine of {@code part / n} of a right angle, evaluated from an angle of at most 45°, where the angle's rounding matters least. */
    private static double sinOfQuarter(long part, int n) {
        return 2 * part <= n ? Math.sin(Math.PI / 2 * part / n) : Math.cos(Math.PI / 2 * (n - part) / n);
    }
}
