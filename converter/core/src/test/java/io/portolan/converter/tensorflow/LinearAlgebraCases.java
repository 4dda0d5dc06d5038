package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;

/** Cases of inverses, determinants and linear systems. Random matrices get a diagonal that bounds their condition. */
final class LinearAlgebraCases {
    /** What the conditions of these matrices make of roundings. */
    private static final double CONDITIONED = 1e-5;

    private LinearAlgebraCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(inverses(), determinants(), factors()).flatMap(cases -> cases);
    }

    private static Output<?> conditioned(RawOps tf, Output<?> x, int size) {
        return tf.op("AddV2", x, tf.op("Mul", tf.number(4), tf.op("MatrixDiag", tf.numbers(ones(size)))));
    }

    private static double[] ones(int size) {
        return IntStream.range(0, size).mapToDouble(i -> 1).toArray();
    }

    /** Rows in another order, so that no pivot is on the diagonal. */
    private static Output<?> shuffled(RawOps tf, Output<?> x) {
        return tf.op("Roll", x, tf.ints(1), tf.ints(-2));
    }

    private static Stream<ParityCase> inverses() {
        return Stream.of(
                of("MatrixInverse", normal(-1, 4, 4), (tf, x) -> tf.op("MatrixInverse", conditioned(tf, x, 4)))
                        .within(CONDITIONED),
                of(
                                "MatrixInverse with pivots elsewhere",
                                normal(-1, 5, 5),
                                (tf, x) -> tf.op(
                                        "MatrixInverse", Map.of("adjoint", true), shuffled(tf, conditioned(tf, x, 5))))
                        .within(CONDITIONED),
                of(
                        "MatrixInverse of one element",
                        oneOf(new double[] {2, -4}, -1, 2, 1, 1),
                        (tf, x) -> tf.op("MatrixInverse", x)),
                of(
                                "MatrixSolve",
                                normal(-1, 3, 3),
                                normal(-1, 3, 2),
                                (tf, x, y) -> tf.op("MatrixSolve", conditioned(tf, x, 3), y))
                        .within(CONDITIONED),
                of(
                                "MatrixSolve adjoint",
                                normal(-1, 4, 4),
                                normal(-1, 4, 1),
                                (tf, x, y) -> tf.op(
                                        "MatrixSolve", Map.of("adjoint", true), shuffled(tf, conditioned(tf, x, 4)), y))
                        .within(CONDITIONED));
    }

    private static Stream<ParityCase> determinants() {
        return Stream.of(
                of(
                                "MatrixDeterminant",
                                normal(-1, 4, 4),
                                (tf, x) -> tf.op("MatrixDeterminant", shuffled(tf, conditioned(tf, x, 4))))
                        .within(CONDITIONED),
                of(
                        "MatrixDeterminant of a singular matrix",
                        oneOf(new double[] {0}, -1, 3, 3),
                        (tf, x) -> tf.op("MatrixDeterminant", x)),
                many(
                                "LogMatrixDeterminant",
                                List.of(normal(-1, 4, 4)),
                                (tf, in) -> outputs(
                                        tf.operation("LogMatrixDeterminant", Map.of(), conditioned(tf, in.get(0), 4))))
                        .within(CONDITIONED),
                many(
                        "LogMatrixDeterminant of a singular matrix",
                        List.of(oneOf(new double[] {0}, -1, 2, 2)),
                        (tf, in) -> outputs(tf.operation("LogMatrixDeterminant", Map.of(), in.get(0)))));
    }

    private static List<Output<?>> outputs(Operation operation) {
        return List.of(operation.output(0), operation.output(1));
    }

    private static Stream<ParityCase> factors() {
        return Stream.of(
                of(
                                "Cholesky",
                                normal(-1, 4, 4),
                                (tf, x) -> tf.op(
                                        "Cholesky",
                                        conditioned(tf, tf.op("BatchMatMulV2", Map.of("adj_y", true), x, x), 4)))
                        .within(CONDITIONED),
                of(
                                "MatrixTriangularSolve",
                                normal(-1, 4, 4),
                                normal(-1, 4, 2),
                                (tf, x, y) -> tf.op("MatrixTriangularSolve", conditioned(tf, x, 4), y))
                        .within(CONDITIONED),
                of(
                                "MatrixTriangularSolve upper adjoint",
                                normal(3, 3),
                                normal(-1, 3, 2),
                                (tf, x, y) -> tf.op(
                                        "MatrixTriangularSolve",
                                        Map.of("lower", false, "adjoint", true),
                                        conditioned(tf, x, 3),
                                        y))
                        .within(CONDITIONED));
    }
}
