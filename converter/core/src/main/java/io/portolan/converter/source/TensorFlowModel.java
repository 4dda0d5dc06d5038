package io.portolan.converter.source;

import io.portolan.converter.lowering.ConversionException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A TensorFlow graph to convert, with its variables as constants, and the session to compare the result with.
 *
 * @see SavedModels
 * @see GraphDefFiles
 */
public final class TensorFlowModel implements AutoCloseable {
    private final GraphDef graph;
    private final Session session;
    private final Map<String, String> inputs;
    private final Map<String, String> outputs;
    private final List<Runnable> closing;

    private TensorFlowModel(
            GraphDef graph,
            Session session,
            Map<String, String> inputs,
            Map<String, String> outputs,
            List<Runnable> closing) {
        this.graph = graph;
        this.session = session;
        this.inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        this.closing = List.copyOf(closing);
    }

    /**
     * A graph in memory. Variables are read from the session; for one that is read only inside functions, an op that reads it is
     * added to the graph. The session is not closed.
     *
     * @param inputs placeholder to ONNX name, in the order of the ONNX inputs
     * @param outputs tensor ({@code node} or {@code node:1}) to ONNX name, in order
     */
    public static TensorFlowModel of(Session session, Map<String, String> inputs, Map<String, String> outputs) {
        return of(session.graph().toGraphDef(), session, inputs, outputs, List.of());
    }

    /** A function in memory, without variables. The ONNX names are those of its signature. */
    public static TensorFlowModel of(ConcreteFunction function) {
        Graph graph = new Graph();
        Session session = ProcessorSession.of(graph);
        Map<String, String> inputs = new LinkedHashMap<>();
        Map<String, Operand<?>> given = new LinkedHashMap<>();
        function.signature().getInputs().forEach((name, input) -> {
            given.put(
                    name,
                    graph.baseScope()
                            .opBuilder("Placeholder", "input")
                            .setAttr("dtype", input.dataType)
                            .setAttr("shape", input.shape)
                            .build()
                            .output(0));
            inputs.put(given.get(name).asOutput().op().name(), name);
        });
        Map<String, String> outputs = new LinkedHashMap<>();
        function.call(graph.baseScope(), given)
                .forEach((name, output) -> outputs.put(
                        output.asOutput().op().name() + ":" + output.asOutput().index(), name));
        return of(graph.toGraphDef(), session, inputs, outputs, List.of(session::close, graph::close));
    }

    static TensorFlowModel of(
            GraphDef graph,
            Session session,
            Map<String, String> inputs,
            Map<String, String> outputs,
            List<Runnable> closing) {
        Set<String> needed = ancestors(graph, outputs.keySet());
        needed.addAll(ancestors(graph, inputs.keySet()));
        GraphDef frozen = Tables.frozen(Variables.frozen(graph, needed, session), session);
        return new TensorFlowModel(frozen, session, inputs, distinct(outputs, inputs), closing);
    }

    /** Renames outputs that have the name of an input, which a signature allows and ONNX does not. */
    private static Map<String, String> distinct(Map<String, String> outputs, Map<String, String> inputs) {
        Map<String, String> distinct = new LinkedHashMap<>(outputs);
        distinct.replaceAll((tensor, name) -> inputs.containsValue(name) ? name + "_output" : name);
        return distinct;
    }

    /** The names of all nodes that the tensors depend on. */
    static Set<String> ancestors(GraphDef graph, Collection<String> tensors) {
        Map<String, NodeDef> nodes = new HashMap<>();
        graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
        Deque<String> pending = new ArrayDeque<>(tensors);
        Set<String> found = new HashSet<>();
        while (!pending.isEmpty()) {
            String name = pending.pop().replaceFirst("^\\^", "").replaceFirst(":\\d+$", "");
            if (nodes.containsKey(name) && found.add(name)) {
                pending.addAll(nodes.get(name).getInputList());
            }
        }
        return found;
    }

    /**
     * A copy with other input shapes.
     *
     * @param shapes sizes by ONNX name; -1 for a dynamic one
     */
    public TensorFlowModel withShapes(Map<String, List<Long>> shapes) {
        for (String name : shapes.keySet()) {
            if (!inputs.containsValue(name)) {
                throw new ConversionException("There is no input " + name + "; the inputs are " + inputs.values());
            }
        }
        GraphDef.Builder changed = graph.toBuilder();
        inputs.forEach((tensor, name) -> changed.getNodeBuilderList().stream()
                .filter(node -> shapes.containsKey(name) && node.getName().equals(tensor.replaceFirst(":0$", "")))
                .forEach(node -> node.putAttr(
                        "shape",
                        AttrValue.newBuilder().setShape(shape(shapes.get(name))).build())));
        return new TensorFlowModel(changed.build(), session, inputs, outputs, closing);
    }

    private static TensorShapeProto shape(List<Long> sizes) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        sizes.forEach(size -> shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size)));
        return shape.build();
    }

    /** The part of the graph that the outputs depend on, without variables. */
    public GraphDef graph() {
        return graph;
    }

    /** The session in which the original graph runs. */
    public Session session() {
        return session;
    }

    /** TensorFlow tensor to ONNX name, in the order of the ONNX inputs. */
    public Map<String, String> inputs() {
        return inputs;
    }

    /** TensorFlow tensor to ONNX name, in the order of the ONNX outputs. */
    public Map<String, String> outputs() {
        return outputs;
    }

    /** Closes the resources that were opened for this model. */
    @Override
    public void close() {
        closing.forEach(Runnable::run);
    }
}
