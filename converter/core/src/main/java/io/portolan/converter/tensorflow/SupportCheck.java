package io.portolan.converter.tensorflow;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;

/** Finds all nodes that cannot be converted, including those of loops and branches, before anything is built. */
final class SupportCheck {
    /** The maximum depth of loops and branches; deeper ones are taken to be recursive. */
    private static final int DEEPEST = 50;

    private final HandlerRegistry registry;
    private final ControlFlow controlFlow;
    private final Map<String, List<String>> unsupported = new TreeMap<>();

    SupportCheck(HandlerRegistry registry, ControlFlow controlFlow) {
        this.registry = registry;
        this.controlFlow = controlFlow;
    }

    /**
     * Checks the nodes that compute the results of a graph.
     *
     * @param inputs the names of the input nodes
     * @throws UnsupportedOpsException if anything cannot be converted
     */
    void require(FlatGraph graph, Set<String> inputs) {
        collect(graph, inputs, "", 0);
        if (!unsupported.isEmpty()) {
            throw new UnsupportedOpsException(unsupported);
        }
    }

    private void collect(FlatGraph graph, Set<String> inputs, String prefix, int depth) {
        if (depth > DEEPEST) {
            throw new ConversionException("The loop or branch " + prefix + " is recursive, or nested more than "
                    + DEEPEST + " deep (each further branch of a Case counts); expected a finite depth");
        }
        for (NodeDef node : DependencyOrder.of(graph, inputs)) {
            String path = prefix + node.getName();
            if (node.getOp().equals("Placeholder")) {
                throw new ConversionException(
                        path, node.getOp(), "the outputs need this placeholder, expected it among the inputs", null);
            }
            if (ControlFlow.isControlFlow(node)) {
                List<FunctionBody> functions = controlFlow.functions(node);
                for (FunctionBody function : functions) {
                    // Each branch is nested in the one before it: as many levels as there are branches.
                    collect(
                            function.graph(),
                            new HashSet<>(function.arguments()),
                            path + "/",
                            depth + Math.max(1, functions.size() - 1));
                }
            } else {
                lacking(node)
                        .ifPresent(what -> unsupported
                                .computeIfAbsent(what, any -> new ArrayList<>())
                                .add(path));
            }
        }
    }

    /** The op, or the op with its element type, if it is not supported; otherwise empty. */
    private Optional<String> lacking(NodeDef node) {
        Optional<OpDefinition> definition = registry.find(node.getOp());
        if (definition.isEmpty()) {
            return Optional.of(node.getOp());
        }
        AttrValue type =
                node.getAttrOrDefault(definition.get().facts().typeAttribute(), AttrValue.getDefaultInstance());
        boolean isTyped = type.getValueCase() == AttrValue.ValueCase.TYPE;
        return isTyped && !definition.get().types().contains(type.getType())
                ? Optional.of(node.getOp() + " of " + type.getType())
                : Optional.empty();
    }
}
