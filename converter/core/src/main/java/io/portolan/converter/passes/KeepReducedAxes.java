package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a reduction keep its axes if they are inserted again afterwards, directly or behind elementwise operators: mean and variance
 * then broadcast without Unsqueeze.
 */
public final class KeepReducedAxes implements Pass {
    /** How many operators after one another are considered: as many as a normalisation has. */
    private static final int DEEPEST = 16;

    @Override
    public String name() {
        return "keep-reduced-axes";
    }

    @Override
    public void apply(OnnxGraph graph) {
        // Every reduction keeps its axes and is followed by a Squeeze, which moves down until an Unsqueeze undoes it.
        Set<Value> squeezed = Collections.newSetFromMap(new IdentityHashMap<>());
        GraphRewriter.rewrite(graph, (node, b) -> keeping(node, squeezed, b).map(List::of));
        new DeadCode().apply(graph);
        // Those that were not undone go back into their reduction.
        Map<Value, Integer> uses = graph.useCounts();
        GraphRewriter.rewrite(
                graph,
                (node, b) -> squeezed.contains(node.outputs().get(0)) && node.op() == StandardOp.SQUEEZE
                        ? dropping(node.input(0), axes(node), uses, DEEPEST, b).map(List::of)
                        : Optional.empty());
        new DeadCode().apply(graph);
    }

    private static Optional<Value> keeping(Node node, Set<Value> squeezed, GraphBuilder b) {
        Optional<Value> kept = Reduction.of(node)
                .filter(reduction -> !reduction.keepsAxes() && !reduction.axes().isEmpty())
                .map(reduction -> {
                    long[] axes = reduction.axes().stream()
                            .mapToLong(Integer::longValue)
                            .sorted()
                            .toArray();
                    return b.squeeze(b.reduce(reduction.op(), reduction.input(), true, axes), axes);
                })
                .or(() -> node.op().isElementwise() ? behind(node, squeezed, b) : Optional.empty());
        kept.ifPresent(squeezed::add);
        boolean inserts = node.op() == StandardOp.UNSQUEEZE || node.op() == StandardOp.RESHAPE;
        return kept.isPresent() || !inserts
                ? kept
                : source(node.input(0), squeezed, b)
                        .map(squeeze -> squeeze.input(0))
                        .filter(before -> before.shape().sameAs(node.output().shape()));
    }

    private static Optional<Node> source(Value value, Set<Value> squeezed, GraphBuilder b) {
        return squeezed.contains(value) ? Patterns.node(StandardOp.SQUEEZE, value, b) : Optional.empty();
    }

    /** An elementwise node whose operands are single numbers, or squeezed at the same axes, computed before the Squeeze. */
    private static Optional<Value> behind(Node node, Set<Value> squeezed, GraphBuilder b) {
        List<Long> common = null;
        List<Value> operands = new ArrayList<>();
        for (Value input : node.inputs()) {
            Optional<Node> squeeze = source(input, squeezed, b);
            if (squeeze.isPresent() && input.rank() == node.output().rank()) {
                List<Long> axes = axes(squeeze.get());
                if (common != null && !common.equals(axes)) {
                    return Optional.empty();
                }
                common = axes;
                operands.add(squeeze.get().input(0));
            } else if (isSingle(input)) {
                operands.add(scalar(input, b));
            } else {
                return Optional.empty();
            }
        }
        if (common == null) {
            return Optional.empty();
        }
        Value result = b.apply(node.op(), node.attributes(), operands.toArray(Value[]::new));
        return Optional.of(
                b.squeeze(result, common.stream().mapToLong(Long::longValue).toArray()));
    }

    private static boolean isSingle(Value value) {
        return value.rank() == 0
                || value.data().filter(data -> data.size() == 1).isPresent();
    }

    private static Value scalar(Value single, GraphBuilder b) {
        return single.rank() == 0
                ? single
                : b.constant(single.data().orElseThrow().reshaped(), single.name());
    }

    private static List<Long> axes(Node squeeze) {
        return squeeze.input(1).data().orElseThrow().longList();
    }

    /** A value without axes of size 1 that its reductions kept; empty if it or what it comes from has other users. */
    private static Optional<Value> dropping(
            Value value, List<Long> axes, Map<Value, Integer> uses, int depth, GraphBuilder b) {
        Optional<Node> producer =
                b.graph().producer(value).filter(node -> depth > 0 && uses.getOrDefault(value, 0) == 1);
        if (producer.isEmpty()) {
            return Optional.empty();
        }
        Node node = producer.get();
        Optional<Reduction> reduction = Reduction.of(node);
        if (reduction.isPresent()) {
            List<Long> reduced =
                    reduction.get().axes().stream().map(Integer::longValue).toList();
            return reduced.equals(axes) && reduction.get().keepsAxes()
                    ? Optional.of(b.reduce(
                            reduction.get().op(),
                            reduction.get().input(),
                            false,
                            axes.stream().mapToLong(Long::longValue).toArray()))
                    : Optional.empty();
        }
        if (!node.op().isElementwise()) {
            return Optional.empty();
        }
        List<Value> operands = new ArrayList<>();
        for (Value input : node.inputs()) {
            Optional<Value> operand =
                    input.rank() == 0 ? Optional.of(input) : dropping(input, axes, uses, depth - 1, b);
            if (operand.isEmpty()) {
                return Optional.empty();
            }
            operands.add(operand.get());
        }
        return Optional.of(b.apply(node.op(), node.attributes(), operands.toArray(Value[]::new)));
    }
}
