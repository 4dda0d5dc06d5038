package io.portolan.converter.verify;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Value;
import java.util.Map;

/** How finely two runtimes can agree that compute in types of 16 bits: they round after different operations. */
final class Resolution {
    /** Ten units in the last place, relative to the largest element of an output. */
    private static final Map<OnnxType, Double> BY_TYPE =
            Map.of(OnnxType.FLOAT16, 10 * 0x1p-11, OnnxType.BFLOAT16, 10 * 0x1p-8);

    private Resolution() {}

    /** The difference that the coarsest type of a graph allows; 0 if it has none of these types. */
    static double of(OnnxGraph graph) {
        return graph.allNodes()
                .flatMap(node -> node.outputs().stream())
                .map(Value::element)
                .mapToDouble(type -> BY_TYPE.getOrDefault(type, 0.0))
                .max()
                .orElse(0);
    }
}
