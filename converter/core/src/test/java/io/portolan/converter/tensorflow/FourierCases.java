package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import io.portolan.converter.ir.FourierOp;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Fourier transforms; inverses of spectra without symmetry, which TensorFlow and numpy treat alike. */
final class FourierCases {
    /** Sums of up to 56 x 56 products, each with a rounded entry of a matrix. */
    private static final double FORWARD = 3e-5;
    /** ONNX Runtime sums products of doubles in fewer partial sums than those of floats. */
    private static final double FORWARD_OF_DOUBLES = 9e-5;

    private FourierCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(
                        // 600 points are split.
                        complex("FFT", new long[] {-1, 8}, new long[] {2, -1, 7}, new long[] {5}, new long[] {-1, 600}),
                        complex(
                                "FFT2D",
                                new long[] {-1, 4, 6},
                                new long[] {-1, 600, 3},
                                new long[] {2, -1, 1, 5},
                                new long[] {3, 3}),
                        complex("FFT3D", new long[] {-1, 2, 3, 4}, new long[] {5, 3, 1}),
                        Stream.of(new int[][] {{1}, {8}, {9}, {600}, {625}}).flatMap(size -> real("RFFT", size, size)),
                        Stream.of(new int[][] {
                                    {1, 1}, {1, 2}, {2, 1}, {2, 2}, {7, 7}, {8, 8}, {6, 10}, {9, 9}, {14, 14}, {56, 56}
                                })
                                .flatMap(size -> real("RFFT2D", size, size)),
                        Stream.of(new int[][] {{2, 3, 4}, {3, 1, 5}}).flatMap(size -> real("RFFT3D", size, size)),
                        real("RFFT", new int[] {6}, new int[] {9}),
                        real("RFFT2D", new int[] {6, 5}, new int[] {8, 9}),
                        real("RFFT3D", new int[] {3, 4, 6}, new int[] {4, 5, 7}),
                        Stream.of(filledUp(), convolution()),
                        alongAnyAxes())
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> alongAnyAxes() {
        return Stream.of(
                        of("FFTND", normal(-1, 4, 6), (tf, x) -> tf.op("FFTND", x, tf.ints(4, 6), tf.ints(1, 2)))
                                .insteadOf((tf, x) -> tf.op("FFT2D", x)),
                        of("FFTND of one axis", normal(-1, 5, 3), (tf, x) -> tf.op("FFTND", x, tf.ints(5), tf.ints(-2)))
                                .insteadOf((tf, x) -> exchanged(tf, tf.op("FFT", exchanged(tf, x)))),
                        of(
                                        "IFFTND",
                                        normal(-1, 3, 4, 2),
                                        (tf, x) -> tf.op("IFFTND", x, tf.ints(2, 3, 4), tf.ints(-1, 1, 2)))
                                .insteadOf((tf, x) -> tf.op("IFFT3D", x)),
                        of("RFFTND", normal(-1, 4, 7), (tf, x) -> tf.op("RFFTND", x, tf.ints(4, 7), tf.ints(1, 2)))
                                .insteadOf((tf, x) -> tf.op("RFFT2D", x, tf.ints(4, 7))),
                        of(
                                        "RFFTND of another last axis",
                                        normal(-1, 6, 5),
                                        (tf, x) -> tf.op("RFFTND", x, tf.ints(5, 6), tf.ints(2, 1)))
                                .insteadOf((tf, x) -> exchanged(tf, tf.op("RFFT2D", exchanged(tf, x), tf.ints(5, 6)))),
                        of(
                                        "IRFFTND",
                                        normal(-1, 5, 4),
                                        (tf, x) -> tf.op("IRFFTND", complex(tf, x), tf.ints(5, 6), tf.ints(1, 2)))
                                .insteadOf((tf, x) -> tf.op("IRFFT2D", complex(tf, x), tf.ints(5, 6))))
                .flatMap(FourierCases::withinForward);
    }

    private static Output<?> exchanged(RawOps tf, Output<?> x) {
        return tf.op("Transpose", x, tf.ints(0, 2, 1));
    }

    private static Output<?> complex(RawOps tf, Output<?> re) {
        return tf.op("Complex", re, tf.op("Sin", re));
    }

    private static Stream<ParityCase> complex(String op, long[]... shapes) {
        return Stream.of(op, "I" + op)
                .flatMap(name -> Stream.of(shapes)
                        .map(shape ->
                                of(name + " of " + Arrays.toString(shape), normal(shape), (tf, x) -> tf.op(name, x)))
                        .flatMap(FourierCases::withinForward));
    }

    /** The transform of real points of a size, and the way back from as much of a spectrum. */
    private static Stream<ParityCase> real(String op, int[] length, int[] size) {
        String sizes = " of " + Arrays.toString(size) + " as " + Arrays.toString(length);
        long[] points = shape(size, size[size.length - 1]);
        long[] columns = shape(size, FourierOp.columns(size[size.length - 1]));
        ParityCase forward = of(op + sizes, normal(points), (tf, x) -> tf.op(op, x, tf.ints(length)));
        ParityCase back = many(
                        "I" + op + sizes,
                        List.of(normal(columns), normal(columns)),
                        (tf, parts) ->
                                List.of(tf.op("I" + op, tf.op("Complex", parts.get(0), parts.get(1)), tf.ints(length))))
                .within(2e-6);
        return Stream.concat(withinForward(forward), Stream.of(back));
    }

    private static Stream<ParityCase> withinForward(ParityCase parity) {
        return Stream.of(
                parity.within(FORWARD).on(ElementTypes.of(DataType.DT_FLOAT, DataType.DT_COMPLEX64)),
                parity.within(FORWARD_OF_DOUBLES).on(ElementTypes.of(DataType.DT_DOUBLE, DataType.DT_COMPLEX128)));
    }

    private static long[] shape(int[] size, long last) {
        long[] shape = new long[size.length + 2];
        shape[0] = -1;
        shape[1] = 2;
        IntStream.range(0, size.length).forEach(i -> shape[i + 2] = size[i]);
        shape[shape.length - 1] = last;
        return shape;
    }

    /** A transform of more points than there are, as TensorFlow's signal library builds it. */
    private static ParityCase filledUp() {
        return of(
                        "RFFT filled up with zeros",
                        normal(-1, 5),
                        (tf, x) -> tf.op("RFFT", tf.op("Pad", x, RearrangingCases.pairs(tf, 0, 0, 0, 3)), tf.ints(8)))
                .within(FORWARD);
    }

    /** What these models do: transform, multiply by a kernel's spectrum, transform back. */
    private static ParityCase convolution() {
        return of("RFFT2D in a circular convolution", normal(-1, 3, 7, 7), (tf, x) -> {
                    Output<?> kernel = tf.op("RFFT2D", tf.weights(3, 7, 7), tf.ints(7, 7));
                    Output<?> product = tf.op("Mul", tf.op("RFFT2D", x, tf.ints(7, 7)), kernel);
                    return tf.op("IRFFT2D", product, tf.ints(7, 7));
                })
                .within(1e-5)
                .on(FLOATS);
    }
}
