package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Cases of patches, crops, projections and images resampled by weights. */
final class SamplingCases {
    private SamplingCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(patches(), pools(), resampled(), crops(), projections(), colours())
                .flatMap(cases -> cases);
    }

    private static Stream<ParityCase> patches() {
        return Stream.of("VALID", "SAME")
                .flatMap(padding -> Stream.of(
                        of(
                                "ExtractImagePatches, " + padding,
                                normal(-1, 9, 8, 2),
                                (tf, x) -> tf.op(
                                        "ExtractImagePatches",
                                        Map.of(
                                                "ksizes",
                                                new long[] {1, 3, 2, 1},
                                                "strides",
                                                new long[] {1, 2, 3, 1},
                                                "rates",
                                                new long[] {1, 1, 2, 1},
                                                "padding",
                                                padding),
                                        x)),
                        of(
                                "ExtractVolumePatches, " + padding,
                                normal(-1, 4, 5, 6, 2),
                                (tf, x) -> tf.op(
                                        "ExtractVolumePatches",
                                        Map.of(
                                                "ksizes",
                                                new long[] {1, 2, 3, 2, 1},
                                                "strides",
                                                new long[] {1, 2, 2, 3, 1},
                                                "padding",
                                                padding),
                                        x)),
                        of(
                                "Dilation2D, " + padding,
                                normal(-1, 7, 6, 3),
                                (tf, x) -> tf.op(
                                        "Dilation2D",
                                        Map.of(
                                                "strides",
                                                new long[] {1, 2, 1, 1},
                                                "rates",
                                                new long[] {1, 2, 2, 1},
                                                "padding",
                                                padding),
                                        x,
                                        tf.weights(2, 3, 3)))));
    }

    private static Stream<ParityCase> pools() {
        return Stream.of("VALID", "SAME")
                .flatMap(padding -> Stream.of(false, true)
                        .map(inBatch -> many(
                                "MaxPoolWithArgmax, " + padding + ", in the batch " + inBatch,
                                List.of(normal(-1, 7, 5, 3)),
                                (tf, x) -> both(tf.operation(
                                        "MaxPoolWithArgmax",
                                        Map.of(
                                                "ksize",
                                                new long[] {1, 2, 3, 1},
                                                "strides",
                                                new long[] {1, 2, 2, 1},
                                                "padding",
                                                padding,
                                                "include_batch_in_index",
                                                inBatch,
                                                "Targmax",
                                                inBatch ? DataType.DT_INT32 : DataType.DT_INT64),
                                        x.get(0))))));
    }

    private static List<Output<?>> both(Operation operation) {
        return List.of(operation.output(0), operation.output(1));
    }

    private static Stream<ParityCase> resampled() {
        return Stream.concat(
                Stream.of(
                        area("ResizeArea", false, 4, 5),
                        area("ResizeArea to larger images", false, 20, 7),
                        area("ResizeArea with aligned corners", true, 5, 1)),
                Stream.concat(
                        Stream.of(
                                        "lanczos1",
                                        "lanczos3",
                                        "lanczos5",
                                        "gaussian",
                                        "box",
                                        "triangle",
                                        "keyscubic",
                                        "mitchellcubic")
                                .map(kernel -> scaled("ScaleAndTranslate, " + kernel, kernel, true, 0.55f, 0)),
                        Stream.of(
                                scaled("ScaleAndTranslate to larger images", "lanczos3", true, 1.7f, 0),
                                scaled("ScaleAndTranslate without smoothing", "triangle", false, 0.4f, 0),
                                scaled("ScaleAndTranslate beyond the image", "gaussian", true, 0.8f, 3))));
    }

    private static ParityCase area(String name, boolean aligned, int height, int width) {
        return of(
                name,
                between(0, 9, -1, 12, 10, 2),
                (tf, x) -> tf.op("ResizeArea", Map.of("align_corners", aligned), x, tf.ints(height, width)));
    }

    private static ParityCase scaled(String name, String kernel, boolean smooth, float scale, float shift) {
        return of(
                name,
                between(0, 9, -1, 9, 12, 2),
                (tf, x) -> tf.op(
                        "ScaleAndTranslate",
                        Map.of("kernel_type", kernel, "antialias", smooth),
                        x,
                        tf.ints(7, 11),
                        tf.floats(scale, 1.2f * scale),
                        tf.floats(shift, -shift)));
    }

    private static Stream<ParityCase> crops() {
        return Stream.of("bilinear", "nearest")
                .flatMap(method -> Stream.of(
                        crop("CropAndResize, " + method, method, 4, 3),
                        crop("CropAndResize to one pixel, " + method, method, 1, 1)));
    }

    private static ParityCase crop(String name, String method, int height, int width) {
        return many(
                name,
                List.of(
                        between(0, 9, 3, 6, 5, 2),
                        between(-0.3, 1.2, -1, 4).of(DataType.DT_FLOAT),
                        between(-0.49, 2.49, -1).of(DataType.DT_INT32)),
                (tf, x) -> List.of(tf.op(
                        "CropAndResize",
                        Map.of("method", method, "extrapolation_value", 0.5f),
                        x.get(0),
                        x.get(1),
                        x.get(2),
                        tf.ints(height, width))));
    }

    private static Stream<ParityCase> projections() {
        return Stream.of("NEAREST", "BILINEAR")
                .flatMap(interpolation -> Stream.of("CONSTANT", "REFLECT", "WRAP", "NEAREST")
                        .flatMap(mode -> Stream.of(
                                of(
                                        "ImageProjectiveTransformV2, " + interpolation + " " + mode,
                                        normal(-1, 6, 5, 2),
                                        (tf, x) -> tf.op(
                                                "ImageProjectiveTransformV2",
                                                Map.of("interpolation", interpolation, "fill_mode", mode),
                                                x,
                                                turned(tf),
                                                tf.ints(7, 8))),
                                of(
                                        "ImageProjectiveTransformV3, " + interpolation + " " + mode,
                                        normal(-1, 6, 5, 2),
                                        (tf, x) -> tf.op(
                                                "ImageProjectiveTransformV3",
                                                Map.of("interpolation", interpolation, "fill_mode", mode),
                                                x,
                                                turned(tf),
                                                tf.ints(7, 8),
                                                tf.scalar(0.7f))))));
    }

    /** A rotation with a shift and some perspective. */
    private static Output<?> turned(RawOps tf) {
        return tf.op("ExpandDims", tf.floats(1.9f, 0.6f, -7.3f, -0.7f, 1.8f, -5.1f, 0.01f, 0.02f), tf.scalar(0));
    }

    private static Stream<ParityCase> colours() {
        return Stream.of(
                of("AdjustHue", between(0, 1, -1, 4, 5, 3), (tf, x) -> tf.op("AdjustHue", x, tf.scalar(0.3f))),
                of("AdjustHue backwards", between(0, 1, -1, 3, 3), (tf, x) -> tf.op("AdjustHue", x, tf.scalar(-0.8f))),
                of(
                        "AdjustSaturation",
                        between(0, 1, -1, 4, 5, 3),
                        (tf, x) -> tf.op("AdjustSaturation", x, tf.scalar(1.7f))));
    }
}
