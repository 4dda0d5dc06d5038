package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Removes states of loops on which nothing depends but themselves, such as a step number that only counts; in loops without nested ones. */
public final class UnusedStates implements Pass {
    @Override
    public String name() {
        return "unused-states";
    }

    @Override
    public void apply(OnnxGraph graph) {
        Map<Value, Integer> uses = graph.useCounts();
        GraphRewriter.rewrite(graph, (node, b) -> Loop.of(node).flatMap(loop -> loop.withoutUnused(uses, b)));
    }

    /**
     * A Loop or a Scan.
     *
     * @param before the number of inputs and of parameters of the body before the states
     * @param results the number of results of the body before those of the states
     * @param states the number of states
     */
    private record Loop(Node node, OnnxGraph body, int before, int results, int states) {
        static Optional<Loop> of(Node node) {
            boolean isNested = node.subgraphs().stream()
                    .flatMap(body -> body.nodes().stream())
                    .anyMatch(inner -> !inner.subgraphs().isEmpty());
            if (isNested) {
                return Optional.empty();
            }
            if (node.op() == StandardOp.LOOP) {
                return Optional.of(new Loop(
                        node,
                        node.attributes().graph("body"),
                        2,
                        1,
                        node.inputs().size() - 2));
            }
            return node.op() == StandardOp.SCAN
                    ? Optional.of(new Loop(
                            node,
                            node.attributes().graph("body"),
                            0,
                            0,
                            node.inputs().size() - (int) node.attributes().integer("num_scan_inputs")))
                    : Optional.empty();
        }

        Optional<List<Value>> withoutUnused(Map<Value, Integer> uses, GraphBuilder b) {
            Set<Integer> kept = kept(uses);
            return kept.size() == states ? Optional.empty() : Optional.of(with(kept, b));
        }

        /** The states that an output which is used depends on. */
        private Set<Integer> kept(Map<Value, Integer> uses) {
            List<Value> all = List.copyOf(body.outputs().values());
            Deque<Value> pending = new ArrayDeque<>(all.subList(0, results));
            pending.addAll(all.subList(results + states, all.size()));
            Set<Integer> kept = new TreeSet<>();
            for (int i = 0; i < states; i++) {
                if (uses.getOrDefault(node.outputs().get(i), 0) > 0) {
                    kept.add(i);
                    pending.add(all.get(results + i));
                }
            }
            Set<Value> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            while (!pending.isEmpty()) {
                Value value = pending.pop();
                int state = body.inputs().indexOf(value) - before;
                if (state >= 0 && state < states && kept.add(state)) {
                    pending.add(all.get(results + state));
                }
                if (seen.add(value)) {
                    body.producer(value).ifPresent(maker -> pending.addAll(maker.uses()));
                }
            }
            return kept;
        }

        private List<Value> with(Set<Integer> kept, GraphBuilder b) {
            OnnxGraph smaller = b.graph().nested(body.name());
            Map<Value, Value> inside = new IdentityHashMap<>();
            List<Value> inputs = new ArrayList<>();
            for (int i = 0; i < node.inputs().size(); i++) {
                if (!isState(i - before) || kept.contains(i - before)) {
                    Value parameter = body.inputs().get(i);
                    inside.put(parameter, smaller.addParameter(parameter.name(), parameter.type()));
                    inputs.add(node.input(i));
                }
            }
            copy(smaller, inside);
            List<Value> all = List.copyOf(body.outputs().values());
            for (int i = 0; i < all.size(); i++) {
                if (!isState(i - results) || kept.contains(i - results)) {
                    smaller.addResult(all.get(i).name(), inside.getOrDefault(all.get(i), all.get(i)));
                }
            }
            Deque<Value> made = new ArrayDeque<>(
                    b.node(node.op(), node.attributes().with("body", smaller), inputs.toArray(Value[]::new)));
            List<Value> outputs = new ArrayList<>();
            for (int i = 0; i < node.outputs().size(); i++) {
                outputs.add(isState(i) && !kept.contains(i) ? node.input(before + i) : made.pop());
            }
            return outputs;
        }

        private boolean isState(int index) {
            return index >= 0 && index < states;
        }

        /** Copies the nodes of the body that do not depend on removed states. */
        private void copy(OnnxGraph smaller, Map<Value, Value> inside) {
            Set<Value> gone = Collections.newSetFromMap(new IdentityHashMap<>());
            body.inputs().stream().filter(input -> !inside.containsKey(input)).forEach(gone::add);
            GraphBuilder within = new GraphBuilder(smaller);
            for (Node inner : body.nodes()) {
                if (inner.uses().stream().anyMatch(gone::contains)) {
                    gone.addAll(inner.outputs());
                    continue;
                }
                within.copy(inner, inside);
            }
        }
    }
}
