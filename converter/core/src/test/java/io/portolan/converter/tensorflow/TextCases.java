package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.between;
import static io.portolan.converter.tensorflow.ParityCase.of;

import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;

/** Cases of texts, which come from numbers and become numbers again. */
final class TextCases {
    private TextCases() {}

    static Stream<ParityCase> cases() {
        return Stream.of(
                of("AsString", between(-99, 99, -1, 4), (tf, x) -> tf.op("AsString", x)),
                of(
                                "StringToNumber",
                                between(-99, 99, -1, 4).of(DataType.DT_INT32),
                                (tf, x) -> tf.op("StringToNumber", Map.of("out_type", tf.type()), tf.op("AsString", x)))
                        .on(ElementTypes.NUMBERS));
    }
}
