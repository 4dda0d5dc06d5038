package io.portolan.converter.passes.recurrent;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Pass;
import io.portolan.converter.passes.Patterns;
import io.portolan.converter.passes.recurrent.Recurrence.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes a Scan that computes an LSTM, a GRU or a simple recurrent layer as that layer, for which runtimes have one kernel instead of a
 * loop over small operators.
 */
public final class RecurrentLayers implements Pass {
    private static final int TIME = 0;
    private static final int DIRECTIONS = 1;

    @Override
    public String name() {
        return "recurrent-layers";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) ->
                        Recurrence.of(node).flatMap(loop -> layer(loop).flatMap(layer -> written(layer, loop, b))));
    }

    private static Optional<Layer> layer(Recurrence loop) {
        return loop.states().stream()
                .filter(state -> isVector(state, loop))
                .flatMap(hidden -> Arrays.stream(Cell.values()).flatMap(cell -> cell.of(loop, hidden).stream()))
                .filter(layer -> layer.states().stream().allMatch(state -> isVector(state, loop)))
                .findFirst();
    }

    /** Whether a state has one row for each sequence, so that no step broadcasts it. */
    private static boolean isVector(State state, Recurrence loop) {
        return state.before().rank() == 2
                && state.initial().shape().sameAs(state.before().shape())
                && state.before().shape().dim(0).sameAs(loop.step().shape().dim(0));
    }

    /** The outputs of the Scan; empty if one of them is not computed by the layer. */
    private static Optional<List<Value>> written(Layer layer, Recurrence loop, GraphBuilder b) {
        State hidden = layer.states().get(0);
        boolean isComplete =
                loop.states().stream().allMatch(state -> layer.states().contains(state) || isCopy(state, hidden, loop))
                        && loop.stacked().stream().allMatch(item -> item == hidden.after());
        return isComplete ? Optional.of(outputs(layer, loop, b)) : Optional.empty();
    }

    private static List<Value> outputs(Layer layer, Recurrence loop, GraphBuilder b) {
        List<Value> made = b.node(layer.op(), layer.allAttributes(loop.isReversed()), inputs(layer, loop, b));
        List<Value> outputs = new ArrayList<>();
        for (State state : loop.states()) {
            int index = layer.states().indexOf(state);
            Value last = b.squeeze(made.get(1 + Math.max(0, index)), 0);
            outputs.add(index >= 0 ? last : b.unsqueeze(last, 0));
        }
        for (int axis : loop.stackAxes()) {
            Value all = b.squeeze(made.get(0), DIRECTIONS);
            outputs.add(axis == TIME ? all : swapped(all, b));
        }
        return outputs;
    }

    private static Value[] inputs(Layer layer, Recurrence loop, GraphBuilder b) {
        List<Value> inputs = new ArrayList<>();
        inputs.add(loop.timeAxis() == TIME ? loop.sequence() : swapped(loop.sequence(), b));
        inputs.add(b.constant(layer.inputWeights()));
        inputs.add(b.constant(layer.recurrentWeights()));
        inputs.add(b.constant(layer.biases()));
        if (!layer.states().stream().allMatch(state -> isZero(state.initial(), b))) {
            inputs.add(Value.ABSENT);
            layer.states().forEach(state -> inputs.add(b.unsqueeze(state.initial(), 0)));
        }
        return inputs.toArray(Value[]::new);
    }

    /** Exchanges time and batch. */
    private static Value swapped(Value x, GraphBuilder b) {
        return b.transpose(x, 1, 0, 2);
    }

    private static boolean isZero(Value value, GraphBuilder b) {
        return Patterns.isNumber(value, 0)
                || Patterns.operand(StandardOp.EXPAND, value, b)
                        .filter(element -> Patterns.isNumber(element, 0))
                        .isPresent();
    }

    /** Whether a state is the last hidden state with a further axis of size 1, as a list of one element is. */
    private static boolean isCopy(State state, State hidden, Recurrence loop) {
        boolean isRead = loop.body().graph().useCounts().getOrDefault(state.before(), 0) > 0;
        Optional<Node> added = Patterns.node(StandardOp.UNSQUEEZE, state.after(), loop.body());
        return !isRead
                && added.filter(node -> node.input(0) == hidden.after()
                                && node.input(1)
                                        .data()
                                        .filter(axes -> axes.longList().equals(List.of(0L)))
                                        .isPresent())
                        .isPresent();
    }
}
