package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Cases of non-maximum suppression, on boxes of 0.3 to 1.3 of which many overlap. */
final class DetectionCases {
    private static final ParityCase.Feed CORNERS = between(0, 1, 12, 2).of(DataType.DT_FLOAT);
    private static final ParityCase.Feed SCORES = between(0, 1, 12).of(DataType.DT_FLOAT);

    private DetectionCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(single(), counted(), combined()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> single() {
        return Stream.of(
                many(
                        "NonMaxSuppression",
                        List.of(CORNERS, SCORES),
                        (tf, x) -> List.of(tf.op(
                                "NonMaxSuppression",
                                Map.of("iou_threshold", 0.4f),
                                boxes(tf, x.get(0)),
                                x.get(1),
                                tf.scalar(5)))),
                many(
                        "NonMaxSuppressionV2",
                        List.of(CORNERS, SCORES),
                        (tf, x) -> List.of(tf.op(
                                "NonMaxSuppressionV2", boxes(tf, x.get(0)), x.get(1), tf.scalar(5), tf.scalar(0.3f)))),
                many(
                        "NonMaxSuppressionV3",
                        List.of(CORNERS, SCORES),
                        (tf, x) -> List.of(tf.op(
                                "NonMaxSuppressionV3",
                                boxes(tf, x.get(0)),
                                x.get(1),
                                tf.scalar(12),
                                tf.scalar(0.3f),
                                tf.scalar(0.4f)))),
                many(
                        "NonMaxSuppressionWithOverlaps",
                        List.of(
                                between(0, 1, 9, 9).of(DataType.DT_FLOAT),
                                between(0, 1, 9).of(DataType.DT_FLOAT)),
                        (tf, x) -> List.of(tf.op(
                                "NonMaxSuppressionWithOverlaps",
                                x.get(0),
                                x.get(1),
                                tf.scalar(6),
                                tf.scalar(0.7f),
                                tf.scalar(0.1f)))));
    }

    private static Stream<ParityCase> counted() {
        return Stream.of(false, true)
                .flatMap(pads -> Stream.of(
                        many(
                                "NonMaxSuppressionV4, padded " + pads,
                                List.of(CORNERS, SCORES),
                                (tf, x) -> outputs(
                                        2,
                                        tf.operation(
                                                "NonMaxSuppressionV4",
                                                Map.of("pad_to_max_output_size", pads),
                                                boxes(tf, x.get(0)),
                                                x.get(1),
                                                tf.scalar(12),
                                                tf.scalar(0.3f),
                                                tf.scalar(0.4f)))),
                        withScores("NonMaxSuppressionV5, padded " + pads, pads, 0, 0.3f),
                        withScores("NonMaxSuppressionV5 with decay, padded " + pads, pads, 0.5f, 0.3f),
                        withScores("NonMaxSuppressionV5 that keeps nothing, padded " + pads, pads, 0.5f, 2)));
    }

    private static ParityCase withScores(String name, boolean pads, float sigma, float threshold) {
        return many(
                name,
                List.of(CORNERS, SCORES),
                (tf, x) -> outputs(
                        3,
                        tf.operation(
                                "NonMaxSuppressionV5",
                                Map.of("pad_to_max_output_size", pads),
                                boxes(tf, x.get(0)),
                                x.get(1),
                                tf.scalar(10),
                                tf.scalar(0.4f),
                                tf.scalar(threshold),
                                tf.scalar(sigma))));
    }

    private static Stream<ParityCase> combined() {
        return Stream.of(
                combined("CombinedNonMaxSuppression, shared boxes", 1, Map.of()),
                combined("CombinedNonMaxSuppression, boxes by class", 3, Map.of("clip_boxes", false)),
                combined("CombinedNonMaxSuppression, padded per class", 3, Map.of("pad_per_class", true)));
    }

    private static ParityCase combined(String name, long classes, Map<String, Object> attributes) {
        return many(
                name,
                List.of(
                        between(0, 1, -1, 9, classes, 2).of(DataType.DT_FLOAT),
                        between(0, 1, -1, 9, 3).of(DataType.DT_FLOAT)),
                (tf, x) -> outputs(
                        4,
                        tf.operation(
                                "CombinedNonMaxSuppression",
                                attributes,
                                boxes(tf, x.get(0)),
                                x.get(1),
                                tf.scalar(4),
                                tf.scalar(20),
                                tf.scalar(0.4f),
                                tf.scalar(0.2f))));
    }

    private static Output<?> boxes(RawOps tf, Output<?> corners) {
        return tf.op("ConcatV2", List.of(corners, tf.op("AddV2", corners, tf.scalar(0.3f))), tf.scalar(-1));
    }

    private static List<Output<?>> outputs(int count, Operation operation) {
        return IntStream.range(0, count).<Output<?>>mapToObj(operation::output).toList();
    }
}
