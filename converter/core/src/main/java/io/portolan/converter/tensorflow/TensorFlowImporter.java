package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.lowering.TranslatedTensor;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Imports the part of a TensorFlow graph that computes given outputs from given inputs.
 *
 * <p>Variables must have been frozen to constants. Control dependencies are ignored: an ONNX graph has no side effects
 * to order.
 */
public final class TensorFlowImporter {
    /** The symbol of a dynamic leading dimension. */
    public static final String BATCH = "batch";

    private final HandlerRegistry registry;
    private final ConversionListener listener;
    private final Dim batch;

    /** An importer with the ops of a registry. */
    public TensorFlowImporter(HandlerRegistry registry) {
        this(registry, ConversionListener.NONE, Dim.symbol(BATCH));
    }

    private TensorFlowImporter(HandlerRegistry registry, ConversionListener listener, Dim batch) {
        this.registry = registry;
        this.listener = listener;
        this.batch = batch;
    }

    /** A copy that sets dynamic leading dimensions of inputs to a size; if empty, they stay dynamic. */
    public TensorFlowImporter withBatch(OptionalLong size) {
        return new TensorFlowImporter(
                registry, listener, size.isPresent() ? Dim.of(size.getAsLong()) : Dim.symbol(BATCH));
    }

    /** A copy that notifies a listener of what each node becomes. */
    public TensorFlowImporter withListener(ConversionListener other) {
        return new TensorFlowImporter(registry, other, batch);
    }

    /**
     * Imports a graph. A dynamic leading dimension of an input becomes the symbol {@value #BATCH}, a dynamic axis 2 of
     * input {@code frames} the symbol {@code frames_2}. Complex inputs and outputs have a last axis of 2: real and imaginary part.
     *
     * @param definition the TensorFlow graph
     * @param inputs TensorFlow tensor name (a placeholder's) to ONNX input name, in the order of the ONNX inputs
     * @param outputs TensorFlow tensor name ({@code node} or {@code node:1}) to ONNX output name, in order
     * @throws UnsupportedOpsException if the outputs depend on unsupported ops; nothing is built then
     * @throws ConversionException if a node cannot be converted, or a name is not in the graph
     */
    public OnnxGraph importGraph(GraphDef definition, Map<String, String> inputs, Map<String, String> outputs) {
        List<TensorName> results =
                outputs.keySet().stream().map(TensorName::parse).toList();
        FunctionLibrary library = new FunctionLibrary(definition.getLibrary());
        FlatGraph source = DilatedConvolutions.merged(
                FunctionInliner.inline(definition.getNodeList(), results, library, listener));
        OnnxGraph graph = new OnnxGraph("portolan");
        outputs.values().forEach(graph::reserveOutput);
        Map<TensorName, TranslatedTensor> given = new HashMap<>();
        inputs.forEach((tensor, name) -> {
            NodeDef placeholder = source.node(TensorName.parse(tensor).node(), "input " + name);
            given.put(
                    new TensorName(placeholder.getName(), 0, false),
                    InputOutput.input(graph, placeholder, name, batch));
        });
        GraphTranslator translator = new GraphTranslator(registry, library, listener);
        new SupportCheck(registry, translator.controlFlow())
                .require(source, given.keySet().stream().map(TensorName::node).collect(Collectors.toSet()));
        Iterator<TranslatedTensor> imported =
                translator.translate(source, given, "", graph).iterator();
        outputs.forEach((tensor, name) -> graph.bindOutput(name, InputOutput.output(graph, name, imported.next())));
        return graph;
    }
}
