package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attribute;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;

/** Integers for texts. */
final class TextTables {
    private TextTables() {}

    /** The number of each text among the keys, or another number. */
    static Value encoded(GraphBuilder b, Value texts, List<String> keys, List<Long> numbers, long otherwise) {
        if (keys.stream().anyMatch(key -> key.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException(
                    "expected texts without the character U+0000, which runtimes take for the end of a text");
        }
        return b.apply(
                StandardOp.LABEL_ENCODER,
                Attributes.of("values_int64s", numbers)
                        .with("keys_strings", new Attribute.Texts(keys))
                        .with("default_int64", otherwise),
                texts);
    }
}
