package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Ops that move elements, and those on diagonals. */
final class RearrangingCases {
    private RearrangingCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(along(), blocks(), bands(), diagonals()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> along() {
        return Stream.of(
                of("Roll", normal(-1, 5, 4), (tf, x) -> tf.op("Roll", x, tf.ints(2, -7), tf.ints(1, 2))),
                of("Roll by whole turns", normal(-1, 5), (tf, x) -> tf.op("Roll", x, tf.scalar(10), tf.scalar(-1))),
                of("ReverseV2", normal(-1, 5, 4), (tf, x) -> tf.op("ReverseV2", x, tf.ints(1, 0))),
                of(
                        "ReverseSequence",
                        normal(-1, 5, 4),
                        oneOf(DataType.DT_INT32, new double[] {1, 3, 5}, -1),
                        (tf, x, lengths) -> tf.op("ReverseSequence", Map.of("seq_dim", 1, "batch_dim", 0), x, lengths)),
                of(
                        "ReverseSequence, axes further back",
                        normal(-1, 4, 5),
                        oneOf(DataType.DT_INT64, new double[] {0, 3, 5}, 4),
                        (tf, x, lengths) ->
                                tf.op("ReverseSequence", Map.of("seq_dim", 2, "batch_dim", 1), x, lengths)));
    }

    private static Stream<ParityCase> blocks() {
        return Stream.of(
                of("SpaceToDepth", normal(-1, 4, 6, 3), (tf, x) -> tf.op("SpaceToDepth", Map.of("block_size", 2), x)),
                of(
                        "SpaceToDepth of open sizes",
                        normal(-1, 6, 4, 2),
                        (tf, x) -> tf.op(
                                "SpaceToDepth",
                                Map.of("block_size", 2),
                                tf.op(
                                        "Slice",
                                        x,
                                        tf.ints(0, 0, 0, 0),
                                        tf.op(
                                                "ConcatV2",
                                                List.of(
                                                        tf.op("Slice", tf.op("Shape", x), tf.ints(0), tf.ints(1)),
                                                        tf.ints(-1, 4, 2)),
                                                tf.scalar(0))))),
                of("DepthToSpace", normal(-1, 2, 3, 18), (tf, x) -> tf.op("DepthToSpace", Map.of("block_size", 3), x)),
                of(
                        "SpaceToBatchND",
                        normal(-1, 4, 5, 2),
                        (tf, x) -> tf.op("SpaceToBatchND", x, tf.ints(2, 3), pairs(tf, 0, 0, 1, 0))),
                of(
                        "SpaceToBatchND of one axis",
                        normal(-1, 4, 3),
                        (tf, x) -> tf.op("SpaceToBatchND", x, tf.ints(2), pairs(tf, 1, 1))),
                of(
                        "BatchToSpaceND",
                        normal(6, 2, 3, 2),
                        (tf, x) -> tf.op("BatchToSpaceND", x, tf.ints(2, 3), pairs(tf, 0, 1, 2, 0))),
                of(
                        "BatchToSpaceND and back",
                        normal(-1, 4, 4, 2),
                        (tf, x) -> tf.op(
                                "BatchToSpaceND",
                                tf.op("SpaceToBatchND", x, tf.ints(2, 2), pairs(tf, 0, 0, 0, 0)),
                                tf.ints(2, 2),
                                pairs(tf, 0, 0, 0, 0))),
                of(
                        "SpaceToBatch",
                        normal(-1, 4, 6, 2),
                        (tf, x) -> tf.op("SpaceToBatch", Map.of("block_size", 2), x, pairs(tf, 1, 1, 0, 0))),
                of(
                        "BatchToSpace",
                        normal(4, 2, 3, 2),
                        (tf, x) -> tf.op("BatchToSpace", Map.of("block_size", 2), x, pairs(tf, 1, 0, 0, 1))));
    }

    static Output<?> pairs(RawOps tf, int... numbers) {
        return tf.op("Reshape", tf.ints(numbers), tf.ints(numbers.length / 2, 2));
    }

    private static Stream<ParityCase> bands() {
        return Stream.of(
                of(
                        "MatrixBandPart",
                        normal(-1, 5, 4),
                        (tf, x) -> tf.op("MatrixBandPart", x, tf.scalar(1), tf.scalar(2))),
                of(
                        "MatrixBandPart, lower triangle",
                        normal(-1, -1, 4),
                        (tf, x) -> tf.op("MatrixBandPart", x, tf.scalar(-1), tf.scalar(0))),
                of(
                        "MatrixBandPart, everything",
                        normal(-1, 4),
                        (tf, x) -> tf.op("MatrixBandPart", x, tf.scalar(-1), tf.scalar(-1))));
    }

    private static Stream<ParityCase> diagonals() {
        return Stream.of(
                        Stream.of(
                                of("MatrixDiag", normal(-1, 4), (tf, x) -> tf.op("MatrixDiag", x)),
                                of("MatrixDiagPart", normal(-1, 3, 4), (tf, x) -> tf.op("MatrixDiagPart", x)),
                                of(
                                        "MatrixSetDiag",
                                        normal(-1, 3, 4),
                                        normal(-1, 3),
                                        (tf, x, y) -> tf.op("MatrixSetDiag", x, y)),
                                of(
                                        "MatrixDiagV3 of open size",
                                        normal(-1, 6),
                                        (tf, x) -> tf.op(
                                                "MatrixDiagV3",
                                                OpenSizeCases.opened(tf, x, 1),
                                                tf.scalar(1),
                                                tf.scalar(-1),
                                                tf.scalar(-1),
                                                tf.number(7))),
                                of("Diag", normal(3), (tf, x) -> tf.op("Diag", x)),
                                of("Diag of a matrix", normal(-1, 2), (tf, x) -> tf.op("Diag", x)),
                                of("DiagPart", normal(4, 4), (tf, x) -> tf.op("DiagPart", x)),
                                of("DiagPart of rank 4", normal(2, 3, 2, 3), (tf, x) -> tf.op("DiagPart", x))),
                        Stream.of("V2", "V3")
                                .flatMap(version -> Stream.of(0, 2, -1)
                                        .flatMap(k -> Stream.of(
                                                of(
                                                        "MatrixDiag" + version + ", diagonal " + k,
                                                        normal(-1, 4),
                                                        (tf, x) -> tf.op(
                                                                "MatrixDiag" + version,
                                                                x,
                                                                tf.scalar(k),
                                                                tf.scalar(-1),
                                                                tf.scalar(-1),
                                                                tf.number(7))),
                                                of(
                                                        "MatrixDiagPart" + version + ", diagonal " + k,
                                                        normal(-1, 3, 5),
                                                        (tf, x) -> tf.op(
                                                                "MatrixDiagPart" + version,
                                                                x,
                                                                tf.scalar(k),
                                                                tf.number(0))),
                                                of(
                                                        "MatrixSetDiag" + version + ", diagonal " + k,
                                                        normal(-1, 3, 5),
                                                        normal(-1, k < 0 ? 2 : 3),
                                                        (tf, x, y) -> tf.op(
                                                                "MatrixSetDiag" + version, x, y, tf.scalar(k)))))))
                .flatMap(cases -> cases);
    }
}
