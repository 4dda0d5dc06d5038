package io.portolan.converter.lowering;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loops that lowerings need: state that keeps its types, and values that each turn adds to a result. */
public final class CountedLoop {
    private static final TensorType INDEX = new TensorType(OnnxType.INT64, TensorShape.SCALAR);
    private static final TensorType TRUTH = new TensorType(OnnxType.BOOL, TensorShape.SCALAR);

    /** One turn of a loop. */
    @FunctionalInterface
    public interface Body {
        /**
         * Appends the turn.
         *
         * @param b appends to the body's graph
         * @param index the number of the turn, from 0
         * @param state the values from the turn before
         */
        Turn append(GraphBuilder b, Value index, List<Value> state);
    }

    /**
     * What a turn computes.
     *
     * @param state the values for the next turn, of the same types as before
     * @param collected values that are stacked along a new first axis over the turns
     * @param goesOn whether there is another turn below the given number; empty if there always is
     */
    public record Turn(List<Value> state, List<Value> collected, Optional<Value> goesOn) {}

    private CountedLoop() {}

    /** Appends a loop whose first turn depends on the number of turns only. */
    public static List<Value> of(GraphBuilder b, Value turns, List<Value> initial, Body body) {
        return of(b, turns, b.constant(TensorData.scalar(OnnxType.BOOL, 1)), initial, body);
    }

    /**
     * Appends a loop.
     *
     * @param turns the largest number of turns, an integer scalar
     * @param begins whether there is a first turn, a scalar
     * @param initial the state before the first turn
     * @return the last state, then what was collected
     */
    public static List<Value> of(GraphBuilder b, Value turns, Value begins, List<Value> initial, Body body) {
        GraphBuilder inner = b.nested("turn");
        OnnxGraph graph = inner.graph();
        Value index = graph.addParameter(graph.name() + "/index", INDEX);
        graph.addParameter(graph.name() + "/goes_on", TRUTH);
        List<Value> state = initial.stream()
                .map(value -> graph.addParameter(graph.name() + "/state", value.type()))
                .toList();
        Turn turn = body.append(inner, index, state);
        graph.addResult(
                graph.name() + "/goes_on",
                turn.goesOn().orElseGet(() -> inner.constant(TensorData.scalar(OnnxType.BOOL, 1))));
        turn.state().forEach(value -> graph.addResult(graph.name() + "/next", value));
        turn.collected().forEach(value -> graph.addResult(graph.name() + "/collected", value));
        List<Value> inputs = new ArrayList<>();
        inputs.add(b.cast(turns, OnnxType.INT64));
        inputs.add(begins);
        inputs.addAll(initial);
        return b.node(StandardOp.LOOP, Attributes.NONE.with("body", graph), inputs.toArray(Value[]::new));
    }
}
