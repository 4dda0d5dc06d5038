package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.lowering.TranslatedTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.proto.NodeDef;

/** Translates the nodes of graphs and functions in topological order. */
final class GraphTranslator {
    private final HandlerRegistry registry;
    private final ControlFlow controlFlow;
    private final ConversionListener listener;

    GraphTranslator(HandlerRegistry registry, FunctionLibrary library, ConversionListener listener) {
        this.registry = registry;
        this.listener = listener;
        this.controlFlow = new ControlFlow(library, this, listener);
    }

    ControlFlow controlFlow() {
        return controlFlow;
    }

    /**
     * Appends the translation of a graph.
     *
     * @param given tensors that are already translated
     * @param prefix the prefix of node names
     * @param target the graph to append to
     * @return the results
     */
    List<TranslatedTensor> translate(
            FlatGraph source, Map<TensorName, TranslatedTensor> given, String prefix, OnnxGraph target) {
        Map<TensorName, TranslatedTensor> environment = new HashMap<>(given);
        GraphBuilder builder = new GraphBuilder(target);
        for (NodeDef node : DependencyOrder.of(
                source, given.keySet().stream().map(TensorName::node).collect(Collectors.toSet()))) {
            String path = prefix + node.getName();
            int before = target.nodes().size();
            List<TranslatedTensor> results = convert(node, path, source, environment, builder.scope(path));
            listener.translated(
                    path,
                    node,
                    List.copyOf(target.nodes().subList(before, target.nodes().size())));
            for (int i = 0; i < results.size(); i++) {
                environment.put(new TensorName(node.getName(), i, false), results.get(i));
            }
        }
        return source.results().stream()
                .map(name -> imported(environment, name))
                .toList();
    }

    private List<TranslatedTensor> convert(
            NodeDef node,
            String path,
            FlatGraph source,
            Map<TensorName, TranslatedTensor> environment,
            GraphBuilder builder) {
        try {
            List<TranslatedTensor> inputs = new ArrayList<>(node.getInputCount());
            for (String tensor : node.getInputList()) {
                TensorName name = TensorName.parse(tensor);
                if (!name.isControl()) {
                    inputs.add(imported(environment, name));
                }
            }
            if (ControlFlow.isControlFlow(node)) {
                return controlFlow.convert(node, path, inputs, source, builder);
            }
            OpDefinition definition = registry.find(node.getOp()).orElseThrow();
            return definition.handler().convert(new NodeContext(node, definition, inputs, builder));
        } catch (IllegalArgumentException e) {
            throw new ConversionException(path, node.getOp(), e.getMessage(), e);
        }
    }

    private static TranslatedTensor imported(Map<TensorName, TranslatedTensor> environment, TensorName name) {
        TranslatedTensor value = environment.get(name);
        if (value == null) {
            throw new IllegalArgumentException("expected " + name.node() + " to have an output " + name.index());
        }
        return value;
    }
}
