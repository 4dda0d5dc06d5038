package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/** Numbers as texts and back. */
final class TextHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("AsString", INTEGERS)
                    .reads("precision", "scientific", "shortest", "width", "fill")
                    .limitedTo("the shortest form")
                    .real(TextHandlers::text),
            op("StringToNumber", NUMBERS)
                    .typedBy("out_type")
                    .reads("out_type")
                    .real(node -> node.builder()
                            .cast(
                                    node.input(0),
                                    node.hasAttribute("out_type") ? node.type("out_type") : OnnxType.FLOAT)));

    private TextHandlers() {}

    private static Value text(NodeContext node) {
        boolean isPlain = node.integer("width", -1) < 0
                && node.integer("precision", -1) < 0
                && !node.flag("scientific")
                && !node.flag("shortest");
        if (!isPlain) {
            throw new IllegalArgumentException("expected integers without precision, width or exponent");
        }
        return node.builder().cast(node.input(0), OnnxType.STRING);
    }
}
