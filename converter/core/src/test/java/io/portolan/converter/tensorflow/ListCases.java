package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;

/** Ops on lists of tensors; a list itself cannot be fetched, so every case ends with a tensor. */
final class ListCases {
    private ListCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(
                of(
                        "TensorListReserve",
                        normal(2),
                        (tf, x) -> stack(
                                tf, set(tf, tf.op("TensorListReserve", typed(tf), tf.ints(2), tf.scalar(3)), 1, x), 2)),
                of("TensorListReserve of open elements", normal(-1, 2), (tf, x) -> {
                    Output<?> list = tf.op("TensorListReserve", typed(tf), tf.ints(-1, 2), tf.scalar(2));
                    return stack(tf, set(tf, set(tf, list, 0, x), 1, x), -1, 2);
                }),
                of("EmptyTensorList", normal(-1, 2), (tf, x) -> stack(tf, push(tf, empty(tf), x), -1, 2)),
                of("TensorListFromTensor", normal(-1, 2), (tf, x) -> get(tf, list(tf, x), 0, 2)),
                of("TensorListStack", normal(-1, 2), (tf, x) -> stack(tf, list(tf, x), 2)),
                of("TensorListGetItem", normal(3, 2), (tf, x) -> get(tf, list(tf, x), 2, 2)),
                of(
                        "TensorListGather",
                        normal(3, 2),
                        (tf, x) -> tf.op("TensorListGather", typed(tf), list(tf, x), tf.ints(2, 0), tf.ints(2))),
                of(
                        "TensorListSetItem",
                        normal(3, 2),
                        normal(2),
                        (tf, x, y) -> stack(tf, set(tf, list(tf, x), 2, y), 2)),
                of(
                        "TensorListSetItem beyond the end",
                        normal(3, 2),
                        normal(2),
                        (tf, x, y) -> stack(tf, grow(tf, grow(tf, list(tf, x), 1, y), 3, y), 2)),
                of(
                        "TensorListPushBack",
                        normal(-1, 2),
                        normal(2),
                        (tf, x, y) -> stack(tf, push(tf, list(tf, x), y), 2)),
                many("TensorListPopBack", List.of(normal(3, 2)), (tf, x) -> {
                    Operation popped = tf.operation("TensorListPopBack", typed(tf), list(tf, x.get(0)), tf.ints(2));
                    return List.of(popped.output(1), stack(tf, popped.output(0), 2));
                }),
                of("TensorListScatterV2", normal(2, 2), (tf, x) -> {
                    Output<?> list = tf.op("TensorListScatterV2", x, tf.ints(3, 0), tf.ints(2), tf.scalar(5));
                    return stack(tf, list, 2);
                }),
                of("TensorListScatterV2 of as many as there are places", normal(2, 2), (tf, x) -> {
                    Output<?> list = tf.op("TensorListScatterV2", x, tf.ints(2, 1), tf.ints(2), tf.scalar(-1));
                    return stack(tf, list, 2);
                }),
                of("TensorListScatterIntoExistingList", normal(3, 2), normal(2, 2), (tf, x, y) -> {
                    Output<?> list = tf.op("TensorListScatterIntoExistingList", list(tf, x), y, tf.ints(2, 0));
                    return stack(tf, list, 2);
                }),
                many("TensorListConcat", List.of(normal(-1, 3, 2)), (tf, x) -> {
                    Operation joined = tf.operation(
                            "TensorListConcat",
                            Map.of("element_dtype", tf.type(), "element_shape", Shape.of(3, 2)),
                            matrices(tf, x.get(0)));
                    return List.of(joined.output(0), joined.output(1));
                }),
                many("TensorListConcatV2", List.of(normal(-1, 3, 2)), (tf, x) -> {
                    Operation joined = tf.operation(
                            "TensorListConcatV2", typed(tf), matrices(tf, x.get(0)), tf.ints(3, 2), tf.longs());
                    return List.of(joined.output(0), joined.output(1));
                }),
                of("TensorListSplit", normal(6, 2), (tf, x) -> {
                    Output<?> list = tf.op("TensorListSplit", x, tf.ints(-1, 2), tf.longs(2, 2, 2));
                    return tf.op("TensorListStack", typed(tf), list, tf.ints(2, 2));
                }),
                of("TensorListLength", normal(-1, 2), (tf, x) -> tf.op("TensorListLength", list(tf, x))));
    }

    private static Map<String, Object> typed(RawOps tf) {
        return Map.of("element_dtype", tf.type());
    }

    private static Output<?> empty(RawOps tf) {
        return tf.op("EmptyTensorList", typed(tf), tf.ints(-1, 2), tf.scalar(-1));
    }

    private static Output<?> list(RawOps tf, Output<?> elements) {
        return tf.op("TensorListFromTensor", elements, tf.ints(2));
    }

    private static Output<?> matrices(RawOps tf, Output<?> elements) {
        return tf.op("TensorListFromTensor", elements, tf.ints(3, 2));
    }

    private static Output<?> set(RawOps tf, Output<?> list, int place, Output<?> element) {
        return tf.op("TensorListSetItem", list, tf.scalar(place), element);
    }

    private static Output<?> grow(RawOps tf, Output<?> list, int place, Output<?> element) {
        return tf.op(
                "TensorListSetItem", Map.of("resize_if_index_out_of_bounds", true), list, tf.scalar(place), element);
    }

    private static Output<?> push(RawOps tf, Output<?> list, Output<?> element) {
        return tf.op("TensorListPushBack", list, element);
    }

    private static Output<?> get(RawOps tf, Output<?> list, int place, int... shape) {
        return tf.op("TensorListGetItem", typed(tf), list, tf.scalar(place), tf.ints(shape));
    }

    private static Output<?> stack(RawOps tf, Output<?> list, int... shape) {
        return tf.op("TensorListStack", typed(tf), list, tf.ints(shape));
    }
}
