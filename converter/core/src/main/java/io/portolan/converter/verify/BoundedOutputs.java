package io.portolan.converter.verify;

import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds outputs that are computed by functions with values in [−1, 1]. Runtimes compute these to a few units in the last place of 1, not of the
 * result: ONNX Runtime's logistic function is a quotient of polynomials that ends at 18.
 */
final class BoundedOutputs {
    private static final Set<StandardOp> BOUNDED = Set.of(
            StandardOp.SIGMOID, StandardOp.SOFTMAX, StandardOp.TANH, StandardOp.ERF, StandardOp.SIN, StandardOp.COS);

    /** Operators that select among elements; like those that move elements, they pass them on unchanged. */
    private static final Set<StandardOp> CHOOSING =
            Set.of(StandardOp.IDENTITY, StandardOp.REDUCE_MAX, StandardOp.REDUCE_MIN, StandardOp.MAX, StandardOp.MIN);

    private BoundedOutputs() {}

    /** The names of these outputs of a graph. */
    static Set<String> of(OnnxGraph graph) {
        Map<Value, Node> producers = new HashMap<>();
        graph.nodes().forEach(node -> node.outputs().forEach(output -> producers.put(output, node)));
        Set<String> names = new HashSet<>();
        graph.outputs().forEach((name, value) -> {
            if (isBounded(value, producers)) {
                names.add(name);
            }
        });
        return names;
    }

    private static boolean isBounded(Value output, Map<Value, Node> producers) {
        Deque<Value> pending = new ArrayDeque<>(Set.of(output));
        Set<Value> seen = new HashSet<>();
        while (!pending.isEmpty()) {
            Node producer = producers.get(pending.pop());
            if (producer != null && BOUNDED.contains(producer.op())) {
                return true;
            }
            if (producer != null && passesOn(producer)) {
                producer.inputs().stream().filter(seen::add).forEach(pending::push);
            }
        }
        return false;
    }

    private static boolean passesOn(Node node) {
        return node.op() instanceof StandardOp op && (op.movesElements() || CHOOSING.contains(op));
    }
}
