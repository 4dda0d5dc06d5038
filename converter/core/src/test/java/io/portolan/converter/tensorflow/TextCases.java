package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.many;
import static io.portolan.converter.tensorflow.ParityCase.of;
import static io.portolan.converter.tensorflow.ParityCase.oneOf;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Cases of texts: some come from numbers and become numbers again, others are chosen among a few. */
final class TextCases {
    private static final String[] TEXTS = {"aB", "\u00dcber \ud83d\ude00", "", " Hello \t\nWorld! ", "a,b,,c", "b.c-b"};

    private static final String[] FLOATS = {"1", "-2.5", "+3", "1e2", "-1.25E-3", ".5", "7.", " 12", "34 ", "-0"};
    private static final String[] WHOLE = {"2147483647", "-2147483648", "007", " 12", "34 "};

    private TextCases() {}

    static Stream<ParityCase> cases() {
        return Stream.concat(numbers(), Stream.concat(letters(), Stream.concat(patterns(), pieces())));
    }

    /** Some of the texts; the shape begins with the batch. */
    private static ParityCase.Feed some(long... shape) {
        return oneOf(
                DataType.DT_INT32,
                IntStream.range(0, TEXTS.length).asDoubleStream().toArray(),
                shape);
    }

    private static Output<?> texts(RawOps tf, Output<?> chosen) {
        return tf.op("GatherV2", tf.texts(TEXTS), chosen, tf.scalar(0));
    }

    private static Stream<ParityCase> letters() {
        return Stream.of(
                of("StringLower", some(-1, 4), (tf, x) -> tf.op("StringLower", texts(tf, x))),
                of("StringUpper", some(-1), (tf, x) -> tf.op("StringUpper", texts(tf, x))),
                of("StringLower of none", some(0), (tf, x) -> tf.op("StringLower", texts(tf, x))),
                of(
                        "StringJoin",
                        some(-1, 2),
                        (tf, x) -> tf.op("StringJoin", List.of(texts(tf, x), tf.text("+"), texts(tf, x)))),
                of(
                        "StringJoin with a separator",
                        some(-1),
                        (tf, x) -> tf.op("StringJoin", Map.of("separator", ", "), List.of(texts(tf, x), texts(tf, x)))),
                of("ReduceJoin", some(-1, 3), (tf, x) -> tf.op("ReduceJoin", texts(tf, x), tf.ints(1))),
                of(
                        "ReduceJoin along two axes",
                        some(2, -1, 3),
                        (tf, x) -> tf.op("ReduceJoin", Map.of("separator", "; "), texts(tf, x), tf.ints(2, 0))),
                of(
                        "ReduceJoin that keeps the axes",
                        some(2, 3),
                        (tf, x) -> tf.op(
                                "ReduceJoin",
                                Map.of("separator", "+", "keep_dims", true),
                                texts(tf, x),
                                tf.ints(0, -1))),
                of(
                        "ReduceJoin of any number",
                        some(2, -1, 3),
                        (tf, x) -> tf.op("ReduceJoin", Map.of("separator", "-"), texts(tf, x), tf.ints(1))),
                of("ReduceJoin of none", some(3, 0), (tf, x) -> tf.op("ReduceJoin", texts(tf, x), tf.ints(-1))),
                of("ReduceJoin along no axis", some(-1, 2), (tf, x) -> tf.op("ReduceJoin", texts(tf, x), tf.ints())),
                of(
                        "UnsortedSegmentJoin",
                        some(-1),
                        oneOf(DataType.DT_INT32, new double[] {0, 1, 4}, -1),
                        (tf, x, ids) -> tf.op("UnsortedSegmentJoin", texts(tf, x), ids, tf.scalar(5))),
                of(
                        "UnsortedSegmentJoin with a separator",
                        some(7),
                        oneOf(DataType.DT_INT64, new double[] {0, 2}, 7),
                        (tf, x, ids) -> tf.op(
                                "UnsortedSegmentJoin", Map.of("separator", ", "), texts(tf, x), ids, tf.scalar(3))),
                of(
                        "StringToHashBucketFast",
                        some(-1),
                        (tf, x) -> tf.op("StringToHashBucketFast", Map.of("num_buckets", 1), texts(tf, x))),
                of(
                        "StringToHashBucketStrong",
                        some(-1),
                        (tf, x) -> tf.op(
                                "StringToHashBucketStrong",
                                Map.of("num_buckets", 1, "key", new long[] {1, 2}),
                                texts(tf, x))),
                of("Equal of texts", some(-1, 3), some(3), (tf, x, y) -> tf.op("Equal", texts(tf, x), texts(tf, y))),
                of("Equal of one text", some(-1), (tf, x) -> tf.op("Equal", texts(tf, x), tf.text("a,b,,c"))));
    }

    private static Stream<ParityCase> patterns() {
        return Stream.of(
                of(
                        "StaticRegexFullMatch",
                        some(-1, 2),
                        (tf, x) -> tf.op("StaticRegexFullMatch", Map.of("pattern", "[ab].*"), texts(tf, x))),
                of("RegexFullMatch", some(-1), (tf, x) -> tf.op("RegexFullMatch", texts(tf, x), tf.text(".\\w*"))),
                of("StaticRegexReplace of a set", some(-1, 2), (tf, x) -> replaced(tf, x, "[,-.\\s!]", "")),
                of("StaticRegexReplace by more", some(-1), (tf, x) -> replaced(tf, x, "[,.b]", "<b>")),
                of("StaticRegexReplace of a text", some(-1), (tf, x) -> replaced(tf, x, ",b", "")),
                of(
                        "RegexReplace",
                        some(-1),
                        (tf, x) -> tf.op("RegexReplace", texts(tf, x), tf.text("\\."), tf.text("-"))));
    }

    private static Output<?> replaced(RawOps tf, Output<?> x, String pattern, String rewrite) {
        return tf.op("StaticRegexReplace", Map.of("pattern", pattern, "rewrite", rewrite), texts(tf, x));
    }

    private static Stream<ParityCase> pieces() {
        return Stream.of("", ",", "b,")
                .map(separator -> many("StringSplitV2 at '" + separator + "'", List.of(some(-1)), (tf, x) -> {
                    Operation split = tf.operation("StringSplitV2", Map.of(), texts(tf, x.get(0)), tf.text(separator));
                    return List.of(split.output(0), split.output(1), split.output(2));
                }));
    }

    private static Stream<ParityCase> numbers() {
        return Stream.of(
                of(
                                "StringToNumber of every form",
                                oneOf(DataType.DT_INT32, new double[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, -1, 20),
                                (tf, x) -> tf.op(
                                        "StringToNumber",
                                        Map.of("out_type", tf.type()),
                                        tf.op("GatherV2", tf.texts(FLOATS), x, tf.scalar(0))))
                        .on(ElementTypes.FLOATS),
                of(
                                "StringToNumber of integers",
                                oneOf(DataType.DT_INT32, new double[] {0, 1, 2, 3, 4}, -1, 20),
                                (tf, x) -> tf.op(
                                        "StringToNumber",
                                        Map.of("out_type", tf.type()),
                                        tf.op("GatherV2", tf.texts(WHOLE), x, tf.scalar(0))))
                        .on(ElementTypes.INTEGERS),
                of("AsString", between(-99, 99, -1, 4), (tf, x) -> tf.op("AsString", x)),
                of(
                                "StringToNumber",
                                between(-99, 99, -1, 4).of(DataType.DT_INT32),
                                (tf, x) -> tf.op("StringToNumber", Map.of("out_type", tf.type()), tf.op("AsString", x)))
                        .on(ElementTypes.NUMBERS));
    }
}
