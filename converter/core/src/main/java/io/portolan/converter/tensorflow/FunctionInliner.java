package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.proto.NodeDef;

/** Inlines function calls: replaces each call by the nodes of the function. */
final class FunctionInliner {
    private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");

    /** The maximum depth of calls; deeper ones are taken to be recursive. */
    private static final int DEEPEST = 200;

    private static final int MOST_NODES = 500_000;

    private record Pending(NodeDef node, int depth) {}

    private final FunctionLibrary library;
    private final Map<String, NodeDef> flat = new LinkedHashMap<>();
    private final NavigableSet<String> names = new TreeSet<>();
    private final Map<TensorName, TensorName> aliases = new HashMap<>();
    private final ConversionListener listener;

    private FunctionInliner(FunctionLibrary library, ConversionListener listener) {
        this.library = library;
        this.listener = listener;
    }

    /**
     * Inlines all calls of a graph.
     *
     * @param results the tensors that are wanted
     * @param listener notified of calls
     */
    static FlatGraph inline(
            Collection<NodeDef> nodes, List<TensorName> results, FunctionLibrary library, ConversionListener listener) {
        return new FunctionInliner(library, listener).inlined(nodes, results);
    }

    private FlatGraph inlined(Collection<NodeDef> nodes, List<TensorName> results) {
        Deque<Pending> pending = new ArrayDeque<>();
        nodes.forEach(node -> add(node, 0, pending));
        while (!pending.isEmpty()) {
            Pending next = pending.poll();
            NodeDef node = next.node();
            Optional<FunctionBody> called = called(node);
            if (called.isPresent()) {
                listener.inlined(node);
                expand(node, called.get(), next.depth(), pending);
            } else if (FlatGraph.isHandleIdentity(node)) {
                aliases.put(new TensorName(node.getName(), 0, false), TensorName.parse(node.getInput(0)));
            } else {
                flat.put(node.getName(), VariableReads.ofConstant(node));
            }
        }
        flat.replaceAll((name, node) -> Edges.rewired(node, this::resolved));
        return EarlierControlFlow.raised(
                new FlatGraph(flat, results.stream().map(this::resolved).toList()), library);
    }

    private void add(NodeDef node, int depth, Deque<Pending> pending) {
        if (!names.add(node.getName())) {
            throw new ConversionException("The graph has two nodes named " + node.getName());
        }
        pending.add(new Pending(node, depth));
    }

    /** The name of the call followed by a slash, or a variant if other nodes have that prefix. */
    private String freePrefix(String call) {
        String prefix = call + "/";
        for (String next = names.ceiling(prefix);
                next != null && next.startsWith(prefix);
                next = names.ceiling(prefix)) {
            prefix = prefix.substring(0, prefix.length() - 1) + "_/";
        }
        return prefix;
    }

    private Optional<FunctionBody> called(NodeDef node) {
        return CALLS.contains(node.getOp())
                ? Optional.of(library.of(node, "f"))
                : library.has(node.getOp()) ? Optional.of(library.of(node)) : Optional.empty();
    }

    private void expand(NodeDef call, FunctionBody function, int depth, Deque<Pending> pending) {
        if (depth == DEEPEST || flat.size() + pending.size() > MOST_NODES) {
            throw new ConversionException(
                    call.getName(),
                    call.getOp(),
                    "the function " + function.name()
                            + " is recursive, or expands to too many nodes; expected calls that end",
                    null);
        }
        List<TensorName> given = call.getInputList().stream()
                .map(TensorName::parse)
                .filter(input -> !input.isControl())
                .toList();
        if (given.size() != function.arguments().size()) {
            throw new ConversionException(
                    call.getName(),
                    call.getOp(),
                    "expected " + function.arguments().size() + " inputs for the function " + function.name() + ", got "
                            + given.size(),
                    null);
        }
        Map<TensorName, TensorName> arguments = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            arguments.put(new TensorName(function.arguments().get(i), 0, false), given.get(i));
        }
        String prefix = freePrefix(call.getName());
        for (NodeDef node : function.graph().nodes().values()) {
            NodeDef.Builder copy =
                    node.toBuilder().setName(prefix + node.getName()).clearInput();
            node.getInputList()
                    .forEach(input -> copy.addInput(
                            outside(TensorName.parse(input), arguments, prefix).toString()));
            add(copy.build(), depth + 1, pending);
        }
        List<TensorName> results = function.graph().results();
        for (int i = 0; i < results.size(); i++) {
            aliases.put(new TensorName(call.getName(), i, false), outside(results.get(i), arguments, prefix));
        }
    }

    private static TensorName outside(TensorName inner, Map<TensorName, TensorName> arguments, String prefix) {
        TensorName given = arguments.get(inner);
        return given != null ? given : new TensorName(prefix + inner.node(), inner.index(), inner.isControl());
    }

    private TensorName resolved(TensorName tensor) {
        TensorName name = tensor;
        int steps = 0;
        for (TensorName other = aliases.get(name); other != null; other = aliases.get(name)) {
            if (++steps > aliases.size()) {
                throw new ConversionException(
                        "The tensor " + tensor + " is part of a cycle of calls that only return their arguments");
            }
            name = other;
        }
        return name;
    }
}
