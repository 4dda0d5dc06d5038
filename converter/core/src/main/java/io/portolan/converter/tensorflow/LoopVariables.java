package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.TranslatedTensor.RealValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** What the functions of a While op do with each variable of the loop. */
final class LoopVariables {
    private static final Set<String> SUMS = Set.of("Add", "AddV2");

    private final FunctionBody condition;
    private final FunctionBody body;
    private final List<TranslatedTensor> initial;
    private final NodeDef loop;
    private final FlatGraph around;

    /**
     * Looks at a loop.
     *
     * @param initial what the variables begin with
     * @param loop the node
     * @param around the graph that the node stands in
     */
    LoopVariables(
            FunctionBody condition, FunctionBody body, List<TranslatedTensor> initial, NodeDef loop, FlatGraph around) {
        this.condition = condition;
        this.body = body;
        this.initial = initial;
        this.loop = loop;
        this.around = around;
    }

    int count() {
        return initial.size();
    }

    /** Whether a variable keeps its initial value: it is then not a variable at all. */
    boolean isUnchanged(int variable) {
        return body.argumentOfResult(variable) == variable;
    }

    /**
     * The list that gets what the body makes, at the place that counts the turns; empty if it does anything else with the
     * list, or if that is not all zeros at first.
     */
    Optional<Collected> collected(int variable) {
        NodeDef put =
                body.graph().nodes().get(body.graph().results().get(variable).node());
        boolean puts = put != null
                && put.getOp().equals("TensorListSetItem")
                && body.argument(body.graph().input(put, 0)) == variable
                && isCounter(body.argument(body.graph().input(put, 1)));
        return puts && uses(body, variable) == 1 && uses(condition, variable) == 0 && isReserved(variable)
                ? Optional.of(new Collected(
                        TensorName.parse(put.getInput(2)),
                        put.containsAttr("resize_if_index_out_of_bounds")
                                && put.getAttrOrThrow("resize_if_index_out_of_bounds")
                                        .getB()))
                : Optional.empty();
    }

    /**
     * A list that gets an element in each turn.
     *
     * @param element of a turn
     * @param grows whether there may be more turns than the list has places
     */
    record Collected(TensorName element, boolean grows) {}

    private boolean isReserved(int variable) {
        NodeDef origin = around.nodes().get(around.input(loop, variable).node());
        return origin != null && origin.getOp().equals("TensorListReserve");
    }

    private static long uses(FunctionBody function, int argument) {
        TensorName name = new TensorName(function.arguments().get(argument), 0, false);
        return function.graph().nodes().values().stream()
                        .flatMap(node -> node.getInputList().stream())
                        .filter(input -> TensorName.parse(input).equals(name))
                        .count()
                + function.graph().results().stream().filter(name::equals).count();
    }

    /** Whether a variable is 0 at first and 1 more after each turn. */
    private boolean isCounter(int variable) {
        if (variable < 0 || !isScalar(initialConstant(variable), 0)) {
            return false;
        }
        FlatGraph graph = body.graph();
        NodeDef sum =
                graph.nodes().get(graph.origin(graph.results().get(variable)).node());
        return sum != null
                && SUMS.contains(sum.getOp())
                && (isNext(variable, graph.input(sum, 0), graph.input(sum, 1))
                        || isNext(variable, graph.input(sum, 1), graph.input(sum, 0)));
    }

    private boolean isNext(int variable, TensorName number, TensorName step) {
        return body.argument(number) == variable && isScalar(constant(body, step), 1);
    }

    /**
     * Numbers of which the smallest is the number of turns; empty if the condition is anything else than that counters are
     * below them. Those of the condition's own constants are made by the loop.
     */
    Optional<List<Bound>> bounds() {
        List<Bound> bounds = new ArrayList<>();
        Set<TensorName> seen = new HashSet<>();
        Deque<TensorName> truths = new ArrayDeque<>(
                List.of(condition.graph().origin(condition.graph().results().get(0))));
        while (!truths.isEmpty()) {
            TensorName truth = truths.pop();
            NodeDef node = condition.graph().nodes().get(truth.node());
            if (node != null && node.getOp().equals("LogicalAnd")) {
                if (seen.add(truth)) {
                    truths.push(condition.graph().input(node, 1));
                    truths.push(condition.graph().input(node, 0));
                }
            } else if (node == null || !addBound(node, bounds)) {
                return Optional.empty();
            }
        }
        return Optional.of(bounds);
    }

    /** A number of turns: a value, or a constant of the condition. */
    record Bound(Optional<Value> value, Optional<TensorData> constant) {}

    /** Adds what a comparison bounds a counter with; whether it is one. */
    private boolean addBound(NodeDef node, List<Bound> bounds) {
        if (!node.getOp().equals("Less")
                || !isCounter(condition.argument(condition.graph().input(node, 0)))) {
            return false;
        }
        TensorName limit = condition.graph().input(node, 1);
        int variable = condition.argument(limit);
        boolean isValue = variable >= 0 && isUnchanged(variable) && initial.get(variable) instanceof RealValue;
        Optional<TensorData> constant = variable >= 0 ? Optional.empty() : constant(condition, limit);
        if (isValue || constant.isPresent()) {
            bounds.add(new Bound(
                    isValue ? Optional.of(((RealValue) initial.get(variable)).value()) : Optional.empty(), constant));
        }
        return isValue || constant.isPresent();
    }

    /** A constant of a function, or what a variable that does not change always is. */
    private Optional<TensorData> constant(FunctionBody function, TensorName tensor) {
        int variable = function.argument(tensor);
        if (variable >= 0) {
            return isUnchanged(variable) ? initialConstant(variable) : Optional.empty();
        }
        NodeDef node = function.graph().nodes().get(tensor.node());
        boolean isNumber = node != null
                && node.getOp().equals("Const")
                && !TensorFlowTypes.isComplex(node.getAttrOrThrow("dtype").getType());
        return isNumber
                ? Optional.of(TensorProtos.real(node.getAttrOrThrow("value").getTensor()))
                : Optional.empty();
    }

    private Optional<TensorData> initialConstant(int variable) {
        return initial.get(variable) instanceof RealValue real ? real.value().data() : Optional.empty();
    }

    private static boolean isScalar(Optional<TensorData> data, double number) {
        return data.filter(scalar -> scalar.shape().length == 0 && scalar.doubleAt(0) == number)
                .isPresent();
    }
}
