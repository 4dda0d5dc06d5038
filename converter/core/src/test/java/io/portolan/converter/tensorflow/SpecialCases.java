package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;

import java.util.List;
import java.util.stream.Stream;

/** Cases of special functions. */
final class SpecialCases {
    private SpecialCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(bessel(), distributions(), sums()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> bessel() {
        return Stream.concat(
                Stream.of("BesselI0", "BesselI1").map(op -> of(op, between(-12, 12, -1, 60), (tf, x) -> tf.op(op, x))),
                Stream.of("BesselI0e", "BesselI1e")
                        .flatMap(op -> Stream.of(
                                of(op, between(-40, 40, -1, 80), (tf, x) -> tf.op(op, x)),
                                of(
                                        op + " at special places",
                                        oneOf(new double[] {0, 8, -8, 1e-6, 1e4}, -1, 20),
                                        (tf, x) -> tf.op(op, x)))));
    }

    private static Stream<ParityCase> distributions() {
        return Stream.of(
                of("Ndtri", between(0, 1, -1, 80), (tf, x) -> tf.op("Ndtri", x)),
                // TensorFlow's floats are off by a few units in the last place here.
                of(
                                "Ndtri of small probabilities",
                                oneOf(new double[] {1e-30, 1e-17, 1e-12, 3e-7, 0.5, 0.9999, 1, 0}, -1, 40),
                                (tf, x) -> tf.op("Ndtri", x))
                        .within(1e-5),
                of("Igamma", between(0.2, 20, -1, 30), between(0.01, 30, 30), (tf, a, x) -> tf.op("Igamma", a, x))
                        .within(1e-5),
                of("Igammac", between(0.2, 20, -1, 30), between(0.01, 30, 30), (tf, a, x) -> tf.op("Igammac", a, x))
                        .within(1e-5),
                of(
                        "Igamma at 0",
                        oneOf(new double[] {0.5, 3}, -1, 4),
                        oneOf(new double[] {0}, 4),
                        (tf, a, x) -> tf.op("Igamma", a, x)),
                many(
                                "Betainc",
                                List.of(between(0.3, 9, -1, 20), between(0.3, 9, -1, 20), between(0, 1, -1, 20)),
                                (tf, in) -> List.of(tf.op("Betainc", in.get(0), in.get(1), in.get(2))))
                        .within(1e-5),
                many(
                        "Betainc at the ends",
                        List.of(between(0.3, 9, -1, 4), between(0.3, 9, -1, 4), oneOf(new double[] {0, 1}, -1, 4)),
                        (tf, in) -> List.of(tf.op("Betainc", in.get(0), in.get(1), in.get(2)))));
    }

    private static Stream<ParityCase> sums() {
        return Stream.of(
                of("Zeta", between(1.2, 9, -1, 30), between(0.3, 20, 30), (tf, s, q) -> tf.op("Zeta", s, q)),
                of(
                        "Polygamma",
                        oneOf(new double[] {0, 1, 2, 3}, -1, 30),
                        between(0.8, 20, 30),
                        (tf, n, x) -> tf.op("Polygamma", n, x)));
    }
}
