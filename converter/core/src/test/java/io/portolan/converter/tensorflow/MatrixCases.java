package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.ParityCase.normal;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;

/** Cases of matrix products and related ops. */
final class MatrixCases {
    private MatrixCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(products(), sums(), others()).flatMap(cases -> cases);
    }

    private static Stream<ParityCase> products() {
        return Stream.of(
                of("MatMul", normal(-1, 5), (tf, x) -> tf.op("MatMul", x, tf.weights(5, 3))),
                of(
                        "MatMul transposed",
                        normal(5, -1),
                        (tf, x) ->
                                tf.op("MatMul", Map.of("transpose_a", true, "transpose_b", true), x, tf.weights(3, 5))),
                of("BatchMatMul", normal(-1, 2, 5), normal(-1, 5, 3), (tf, x, y) -> tf.op("BatchMatMul", x, y)),
                of(
                        "BatchMatMulV2 broadcast",
                        normal(-1, 1, 2, 5),
                        normal(4, 5, 3),
                        (tf, x, y) -> tf.op("BatchMatMulV2", x, y)),
                of(
                        "BatchMatMulV2 adjoint",
                        normal(-1, 5, 2),
                        normal(-1, 3, 5),
                        (tf, x, y) -> tf.op("BatchMatMulV2", Map.of("adj_x", true, "adj_y", true), x, y)),
                of(
                        "BatchMatMulV3",
                        normal(-1, 2, 5),
                        normal(-1, 5, 3),
                        (tf, x, y) -> tf.op("BatchMatMulV3", Map.of("Tout", product(tf.type())), x, y)),
                of("MatMul in dense layers", normal(-1, 5), (tf, x) -> {
                            var hidden = tf.op(
                                    "Tanh", tf.op("BiasAdd", tf.op("MatMul", x, tf.weights(5, 8)), tf.weights(8)));
                            return tf.op("Softmax", tf.op("MatMul", hidden, tf.weights(8, 3)));
                        })
                        .on(FLOATS));
    }

    private static DataType product(DataType type) {
        return type == DataType.DT_INT8 ? DataType.DT_INT32 : type;
    }

    private static Stream<ParityCase> sums() {
        return Stream.of(
                einsum("ij,jk->ik", normal(-1, 4), normal(4, 3)),
                einsum("bij,bjk->bik", normal(-1, 2, 4), normal(-1, 4, 3)),
                einsum("...ij,...jk->...ik", normal(-1, 2, 2, 4), normal(2, 4, 3)),
                einsum("bthd,bshd->bhts", normal(-1, 3, 2, 4), normal(-1, 5, 2, 4)),
                einsum("bhts,bshd->bthd", normal(-1, 2, 3, 5), normal(-1, 5, 2, 4)),
                einsum("kj,bji->bki", normal(2, 4), normal(-1, 4, 3)),
                einsum("...k,kn->...n", normal(-1, 2, 2, 4), normal(4, 3)),
                einsum("...ij,...jk->...ik", normal(-1, 1, 2, 4), normal(1, 3, 4, 3)),
                einsum("nk,abk->anb", normal(5, 4), normal(-1, 3, 4)),
                einsum("bii,bij->bj", normal(-1, 3, 3), normal(-1, 3, 2)),
                einsum("ij,kj->", normal(-1, 4), normal(3, 4)),
                einsum("i,j->ij", normal(-1), normal(3)),
                of(
                        "Einsum ijk->kji",
                        normal(-1, 2, 3),
                        (tf, x) -> tf.op("Einsum", Map.of("equation", "ijk->kji"), List.of(x))));
    }

    private static ParityCase einsum(String equation, ParityCase.Feed left, ParityCase.Feed right) {
        return of(
                "Einsum " + equation,
                left,
                right,
                (tf, x, y) -> tf.op("Einsum", Map.of("equation", equation), List.of(x, y)));
    }

    private static Stream<ParityCase> others() {
        return Stream.of(
                of("Cross", normal(-1, 2, 3), normal(-1, 2, 3), (tf, x, y) -> tf.op("Cross", x, y)),
                of("BiasAdd", normal(-1, 4, 3), (tf, x) -> tf.op("BiasAdd", x, tf.weights(3))),
                of("BiasAddV1", normal(-1, 3), (tf, x) -> tf.op("BiasAddV1", x, tf.weights(3))),
                of(
                        "BiasAdd with channels first",
                        normal(-1, 3, 2, 4),
                        (tf, x) -> tf.op("BiasAdd", Map.of("data_format", "NCHW"), x, tf.weights(3))));
    }
}
