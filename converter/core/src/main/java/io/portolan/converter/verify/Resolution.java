package io.portolan.converter.verify;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Value;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How finely two runtimes can agree on outputs that are computed in types of 16 bits: they round after different operations. */
final class Resolution {
    /** Four units in the last place, relative to the largest element of an output. */
    private static final Map<OnnxType, Double> BY_TYPE =
            Map.of(OnnxType.FLOAT16, 4 * 0x1p-11, OnnxType.BFLOAT16, 4 * 0x1p-8);

    private Resolution() {}

    /** The difference that the coarsest type allows among those that an output is computed from; 0 if it is from none of these types. */
    static double of(OnnxGraph graph, Value output) {
        Set<Value> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Value> pending = new ArrayDeque<>(List.of(output));
        double coarsest = 0;
        while (!pending.isEmpty()) {
            Value value = pending.pop();
            if (seen.add(value)) {
                boolean isComputed = !value.isConstant() && !graph.inputs().contains(value);
                coarsest = isComputed ? Math.max(coarsest, BY_TYPE.getOrDefault(value.element(), 0.0)) : coarsest;
                graph.producer(value).ifPresent(node -> {
                    pending.addAll(node.uses());
                    // What a loop or a branch computes inside.
                    node.subgraphs().forEach(inner -> inner.allNodes().forEach(each -> pending.addAll(each.outputs())));
                });
            }
        }
        return coarsest;
    }
}
