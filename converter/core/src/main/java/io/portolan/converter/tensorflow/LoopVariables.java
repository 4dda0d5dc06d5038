package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** Analyses what the functions of a While op do with each variable of the loop. */
final class LoopVariables {
    private static final Set<String> SUMS = Set.of("Add", "AddV2");

    private final FunctionBody condition;
    private final FunctionBody body;
    private final List<TranslatedTensor> initial;
    private final NodeDef loop;
    private final FlatGraph around;

    /**
     * Analyses a loop.
     *
     * @param initial the initial values of the variables
     * @param loop the node
     * @param around the graph that contains the node
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

    /** Whether a variable is loop-invariant: keeps its initial value. */
    boolean isUnchanged(int variable) {
        return body.argumentOfResult(variable) == variable;
    }

    /**
     * The element that the body writes to a list at the index of the iteration, or always to a list of one element; empty if the body uses
     * the list in any other way, or if the list is not all zeros initially.
     */
    Optional<Collected> collected(int variable) {
        FlatGraph graph = body.graph();
        NodeDef put =
                graph.nodes().get(graph.origin(graph.results().get(variable)).node());
        boolean puts = put != null
                && put.getOp().equals("TensorListSetItem")
                && body.argument(graph.input(put, 0)) == variable
                && uses(body, variable) == 1
                && uses(condition, variable) == 0
                && isReserved(variable);
        if (!puts) {
            return Optional.empty();
        }
        boolean keepsLast = isScalar(constant(body, graph.input(put, 1)), 0) && holdsOneOfOpenSize(variable);
        boolean grows = put.containsAttr("resize_if_index_out_of_bounds")
                && put.getAttrOrThrow("resize_if_index_out_of_bounds").getB();
        return keepsLast || isCounter(body.argument(graph.input(put, 1)))
                ? Optional.of(new Collected(TensorName.parse(put.getInput(2)), grows, keepsLast))
                : Optional.empty();
    }

    /**
     * A list to which each iteration adds an element.
     *
     * @param element the element that the body computes
     * @param grows whether there may be more iterations than the list has elements
     * @param keepsLast whether the list has one element, which each iteration replaces
     */
    record Collected(TensorName element, boolean grows, boolean keepsLast) {}

    /** Whether a list has one element some of whose sizes are only known when it is set: as a variable it would change its shape. */
    private boolean holdsOneOfOpenSize(int variable) {
        TensorShape list = initial.get(variable).parts().get(0).shape();
        return list.dim(0).sameAs(Dim.of(1)) && list.dims().stream().skip(1).anyMatch(size -> size.sameAs(Dim.of(0)));
    }

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

    /** Whether a variable starts at 0 and is incremented by 1 in each iteration. */
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
     * The bounds whose minimum is the trip count; empty if the condition is anything but a conjunction of "counter less than bound".
     * Bounds that are constants of the condition have to be created by the caller.
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

    /** A bound of the trip count: a value, or a constant of the condition. */
    record Bound(Optional<Value> value, Optional<TensorData> constant) {}

    /** Adds the bound of a comparison; false if the node does not compare a counter with a bound. */
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

    /** A constant of a function, or the constant value of a loop-invariant variable. */
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
