package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Normalisation of feature maps, and images in other sizes. */
final class ImageCases {
    private ImageCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(normalisations(), resizes()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> normalisations() {
        return Stream.concat(
                // TensorFlow's own kernels on a CPU have channels last only.
                Stream.of("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3")
                        .map(op -> many(op, List.of(normal(-1, 4, 3, 5)), (tf, x) -> {
                            Operation norm = tf.operation(
                                    op,
                                    Map.of("is_training", false, "epsilon", 0.01f),
                                    x.get(0),
                                    floats(tf, tf.weights(5)),
                                    floats(tf, tf.weights(5)),
                                    floats(tf, tf.weights(5)),
                                    floats(tf, tf.op("Abs", tf.weights(5))));
                            return IntStream.range(0, 3)
                                    .<Output<?>>mapToObj(norm::output)
                                    .toList();
                        })),
                Stream.of(
                        of("LRN", normal(-1, 3, 2, 9), (tf, x) -> tf.op("LRN", x)),
                        of(
                                "LRN with other parameters",
                                normal(-1, 3, 2, 9),
                                (tf, x) -> tf.op(
                                        "LRN",
                                        Map.of("depth_radius", 2, "bias", 2f, "alpha", 0.5f, "beta", 0.75f),
                                        x))));
    }

    private static Output<?> floats(RawOps tf, Output<?> x) {
        return tf.cast(x, DataType.DT_FLOAT);
    }

    private static Stream<ParityCase> resizes() {
        return Stream.of(
                        Stream.of("ResizeBilinear", "ResizeNearestNeighbor")
                                .map(op -> resize(
                                        op, "half pixel centers, smaller", Map.of("half_pixel_centers", true), 2, 3)),
                        Stream.of("ResizeNearestNeighbor", "ResizeBicubic")
                                .flatMap(op -> Stream.of(
                                        resize(
                                                op,
                                                "half pixel centers, any size",
                                                Map.of("half_pixel_centers", true),
                                                3,
                                                11),
                                        resize(op, "corners aligned, any size", Map.of("align_corners", true), 1, 10),
                                        resize(op, "as of old, any size", Map.of(), 3, 10))),
                        Stream.of("ResizeBilinear", "ResizeNearestNeighbor", "ResizeBicubic")
                                .flatMap(op -> Stream.of(
                                        resize(op, "half pixel centers", Map.of("half_pixel_centers", true), 8, 12),
                                        resize(op, "corners aligned", Map.of("align_corners", true), 7, 11),
                                        resize(op, "as of old", Map.of(), 8, 12))))
                .flatMap(cases -> cases);
    }

    private static ParityCase resize(String op, String grid, Map<String, Object> attributes, int height, int width) {
        return of(
                op + ", " + grid,
                between(0, 9, -1, 4, 6, 3),
                (tf, x) -> tf.op(op, attributes, x, tf.ints(height, width)));
    }
}
