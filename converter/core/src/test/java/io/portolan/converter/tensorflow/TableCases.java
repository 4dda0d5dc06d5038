package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Cases of lookup tables, which are filled before the graph runs. */
final class TableCases {
    private TableCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of("HashTableV2", "MutableHashTableV2")
                .flatMap(op -> Stream.concat(
                        Stream.of(
                                lookup(op, op).on(ElementTypes.INTEGERS),
                                ofTexts(op, op, DataType.DT_INT64, tf -> tf.longs(4, 5, 6), tf -> tf.longScalar(-1))),
                        lookups(op)));
    }

    private static Stream<ParityCase> lookups(String op) {
        return Stream.of(
                lookup("LookupTableFindV2 in " + op, op).on(ElementTypes.INTEGERS),
                of(
                        "LookupTableFindV2 of one key in " + op,
                        between(-3, 3, -1, 2),
                        (tf, x) -> tf.op(
                                "LookupTableFindV2",
                                table(tf, op, tf.type(), tf.numbers(2), tf.numbers(5)),
                                x,
                                tf.number(7))),
                of(
                                "LookupTableFindV2 of floats in " + op,
                                between(0, 12, -1, 3, 2).of(DataType.DT_INT64),
                                (tf, x) -> tf.op(
                                        "LookupTableFindV2",
                                        table(
                                                tf,
                                                op,
                                                DataType.DT_FLOAT,
                                                tf.longs(9, 2, 4, 11, 3),
                                                tf.floats(0.5f, 1.5f, 2.5f, 3.5f, 4.5f)),
                                        x,
                                        tf.scalar(-1f)))
                        .on(ElementTypes.of(DataType.DT_INT64)),
                ofTexts(
                        "LookupTableFindV2 of texts in " + op,
                        op,
                        DataType.DT_INT64,
                        tf -> tf.longs(4, 5, 6),
                        tf -> tf.longScalar(-1)),
                ofTexts(
                        "LookupTableFindV2 of texts in " + op,
                        op,
                        DataType.DT_FLOAT,
                        tf -> tf.floats(0.5f, 1.5f, 2.5f),
                        tf -> tf.scalar(-1f)),
                many(
                        "LookupTableSizeV2 of " + op,
                        List.of(between(0, 9, -1)),
                        (tf, x) -> List.of(tf.op(
                                "LookupTableSizeV2",
                                table(tf, op, tf.type(), tf.numbers(2, 3, 5), tf.numbers(1, 2, 3))))));
    }

    private static ParityCase ofTexts(
            String name,
            String op,
            DataType valueType,
            Function<RawOps, Output<?>> values,
            Function<RawOps, Output<?>> otherwise) {
        return of(
                name + " to " + valueType,
                between(0, 9, -1, 3).of(DataType.DT_INT32),
                (tf, x) -> tf.op(
                        "LookupTableFindV2",
                        table(tf, op, valueType, tf.texts("7", "\ud83d\ude00", "2"), values.apply(tf)),
                        tf.op("AsString", x),
                        otherwise.apply(tf)));
    }

    private static ParityCase lookup(String name, String op) {
        return of(
                name,
                between(-2, 14, -1, 9),
                (tf, x) -> tf.op(
                        "LookupTableFindV2",
                        table(
                                tf,
                                op,
                                tf.type(),
                                tf.numbers(9, 2, -1, 4, 11, 3, 5, 12),
                                tf.numbers(1, 2, 3, 4, 5, 6, 7, 8)),
                        x,
                        tf.number(-1)));
    }

    private static Output<?> table(RawOps tf, String op, DataType valueType, Output<?> keys, Output<?> values) {
        String fill = op.equals("HashTableV2") ? "InitializeTableV2" : "LookupTableInsertV2";
        return tf.table(op, fill, valueType, keys, values);
    }
}
