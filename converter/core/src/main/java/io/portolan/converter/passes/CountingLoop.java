package io.portolan.converter.passes;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A Loop with a known trip count whose iteration index is used for two purposes only: to gather a slice of an outer tensor that has
 * as many slices as there are iterations, and to scatter a row into a stack of as many rows. Such a loop can be written as a Scan.
 */
final class CountingLoop {
    /** The role of a loop-carried variable. */
    private enum Role {
        /** Carried from one iteration to the next. */
        STATE,
        /** Starts at 0 and is incremented by 1 in each iteration. */
        COUNTER,
        /** Receives one row in each iteration, at the iteration's index. */
        STACK
    }

    /** Inputs of a Loop before the variables: the maximum trip count and the initial condition. */
    private static final int BEFORE_VARIABLES = 2;

    private final Node node;
    private final OnnxGraph body;
    private final List<Value> results;
    private final List<Role> roles = new ArrayList<>();
    private final Set<Value> indices = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Node> gathers = new ArrayList<>();
    private final Set<Node> counting = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Value, Value> items = new IdentityHashMap<>();

    private CountingLoop(Node node) {
        this.node = node;
        this.body = node.attributes().graph("body");
        this.results = List.copyOf(body.outputs().values());
    }

    /** The loop of a node; empty if the node is not a loop of this kind. */
    static Optional<CountingLoop> of(Node node) {
        CountingLoop loop = new CountingLoop(node);
        return loop.runsAllIterations() && loop.matchesScan() ? Optional.of(loop) : Optional.empty();
    }

    private boolean runsAllIterations() {
        return isTrue(node.input(1)) && isTrue(results.get(0)) && tripCount().isPresent();
    }

    private static boolean isTrue(Value value) {
        return value.data().filter(data -> data.longAt(0) == 1).isPresent();
    }

    private Optional<Dim> tripCount() {
        return node.input(0).contents().map(contents -> contents.get(0)).filter(dim -> !dim.isUnknown());
    }

    /** Assigns a role to each variable; false if the body uses the index in a way that a Scan cannot express. */
    private boolean matchesScan() {
        indices.add(body.inputs().get(0));
        for (int i = 0; i < variables(); i++) {
            if (isCounter(i)) {
                indices.add(parameter(i));
                counting.add(body.producer(result(i)).orElseThrow());
            }
        }
        for (int i = 0; i < variables(); i++) {
            roles.add(indices.contains(parameter(i)) ? Role.COUNTER : isStack(i) ? Role.STACK : Role.STATE);
        }
        for (Node inner : body.nodes()) {
            if (isGather(inner)) {
                gathers.add(inner);
            } else if (!counting.contains(inner)
                    && (!inner.subgraphs().isEmpty() || inner.inputs().stream().anyMatch(indices::contains))) {
                return false;
            }
        }
        boolean statesKeepTheirSizes = IntStream.range(0, variables())
                .filter(i -> roles.get(i) == Role.STATE)
                .allMatch(i -> parameter(i).shape().sameAs(result(i).shape()));
        boolean countersStayInside = results.stream().noneMatch(indices::contains);
        return !gathers.isEmpty() && countersStayInside && statesKeepTheirSizes;
    }

    private boolean isCounter(int variable) {
        boolean fromZero = initial(variable).rank() == 0
                && initial(variable)
                        .data()
                        .filter(data -> data.doubleAt(0) == 0)
                        .isPresent();
        return fromZero
                && body.producer(result(variable))
                        .filter(sum -> sum.op() == StandardOp.ADD)
                        .filter(sum -> isNext(sum.input(0), sum.input(1), variable)
                                || isNext(sum.input(1), sum.input(0), variable))
                        .isPresent();
    }

    private boolean isNext(Value number, Value step, int variable) {
        return number == parameter(variable)
                && step.data()
                        .filter(one -> one.size() == 1 && one.doubleAt(0) == 1)
                        .isPresent();
    }

    /** Recognises a variable into which each iteration scatters one row, and records the row. */
    private boolean isStack(int variable) {
        Optional<Node> scatter = body.producer(result(variable))
                .filter(made -> made.op() == StandardOp.SCATTER_ND)
                .filter(made ->
                        made.input(0) == parameter(variable) && body.useCounts().get(parameter(variable)) == 1)
                .filter(made ->
                        initial(variable).shape().dim(0).sameAs(tripCount().orElseThrow()));
        Optional<Node> row = scatter.flatMap(made -> body.producer(made.input(2)))
                .filter(made -> made.op() == StandardOp.UNSQUEEZE)
                .filter(made -> made.input(1)
                        .data()
                        .map(TensorData::longs)
                        .filter(axes -> axes.length == 1 && axes[0] == 0)
                        .isPresent());
        if (row.isEmpty() || !isIterationIndex(scatter.get().input(1))) {
            return false;
        }
        counting.add(scatter.get());
        counting.add(row.get());
        items.put(result(variable), row.get().input(0));
        return true;
    }

    /** Whether a value is the iteration index, possibly reshaped or cast; the nodes that reshape or cast it are then not copied. */
    private boolean isIterationIndex(Value place) {
        Value value = place;
        while (!indices.contains(value)) {
            Optional<Node> made = body.producer(value)
                    .filter(maker -> maker.op() == StandardOp.RESHAPE
                            || maker.op() == StandardOp.CAST
                            || maker.op() == StandardOp.UNSQUEEZE);
            if (made.isEmpty()) {
                return false;
            }
            counting.add(made.get());
            value = made.get().input(0);
        }
        return true;
    }

    private boolean isGather(Node inner) {
        if (inner.op() != StandardOp.GATHER || !indices.contains(inner.input(1))) {
            return false;
        }
        Value whole = inner.input(0);
        boolean fromOutside = body.producer(whole).isEmpty() && !body.inputs().contains(whole);
        return fromOutside
                && whole.shape()
                        .dim((int) inner.attributes().integer("axis", 0))
                        .sameAs(tripCount().orElseThrow());
    }

    Node node() {
        return node;
    }

    /** The initial values of the states. */
    List<Value> states() {
        return inRole(Role.STATE).stream().map(this::initial).toList();
    }

    List<Value> stateParameters() {
        return inRole(Role.STATE).stream().map(this::parameter).toList();
    }

    List<Value> stateResults() {
        return inRole(Role.STATE).stream().map(this::result).toList();
    }

    /** The values that each iteration adds to an output: rows of stacks, and the loop's own scan outputs. */
    List<Value> stackedItems() {
        List<Value> stacked = new ArrayList<>(
                inRole(Role.STACK).stream().map(i -> items.get(result(i))).toList());
        stacked.addAll(results.subList(1 + variables(), results.size()));
        return stacked;
    }

    List<Node> gathers() {
        return gathers;
    }

    /** The nodes of the body other than those that count, gather and scatter. */
    List<Node> work() {
        return body.nodes().stream()
                .filter(inner -> !counting.contains(inner) && !gathers.contains(inner))
                .toList();
    }

    /** The outputs of the loop, in its order, from those of a Scan: states, then stacks. */
    List<Value> outputs(List<Value> scanned, GraphBuilder b) {
        List<Integer> states = inRole(Role.STATE);
        Iterator<Value> stateOutputs = scanned.subList(0, states.size()).iterator();
        Iterator<Value> stacked = scanned.subList(states.size(), scanned.size()).iterator();
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < variables(); i++) {
            outputs.add(
                    switch (roles.get(i)) {
                        case STATE -> stateOutputs.next();
                        case STACK -> stacked.next();
                        case COUNTER -> b.cast(node.input(0), initial(i).element());
                    });
        }
        stacked.forEachRemaining(outputs::add);
        return outputs;
    }

    private List<Integer> inRole(Role role) {
        List<Integer> variables = new ArrayList<>();
        for (int i = 0; i < roles.size(); i++) {
            if (roles.get(i) == role) {
                variables.add(i);
            }
        }
        return variables;
    }

    private int variables() {
        return node.inputs().size() - BEFORE_VARIABLES;
    }

    private Value initial(int variable) {
        return node.input(variable + BEFORE_VARIABLES);
    }

    private Value parameter(int variable) {
        return body.inputs().get(variable + BEFORE_VARIABLES);
    }

    private Value result(int variable) {
        return results.get(variable + 1);
    }
}
