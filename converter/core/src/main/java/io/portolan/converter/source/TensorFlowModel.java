package io.portolan.converter.source;

import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.ConstantNodes;
import io.portolan.converter.tensorflow.TensorFlowTypes;
import io.portolan.converter.verify.InputSample;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
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
    private final Map<String, String> inputs;
    private final Map<String, String> outputs;
    private final SessionRun run;
    private final List<Runnable> closing;

    private TensorFlowModel(
            GraphDef graph,
            Map<String, String> inputs,
            Map<String, String> outputs,
            SessionRun run,
            List<Runnable> closing) {
        this.graph = graph;
        this.inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        this.run = run;
        this.closing = List.copyOf(closing);
    }

    /**
     * A graph in memory. Variables are read from the session; for one that is read only inside functions, an op that reads it is
     * added to the graph. The session is not closed.
     *
     * @param inputs tensor ({@code node} or {@code node:1}, mostly a placeholder) to ONNX name, in the order of the ONNX inputs; what
     *     computes it is not converted
     * @param outputs tensor to ONNX name, in order
     */
    public static TensorFlowModel of(Session session, Map<String, String> inputs, Map<String, String> outputs) {
        return of(session, inputs, outputs, List.of());
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
        return of(session, inputs, outputs, List.of(session::close, graph::close));
    }

    private static TensorFlowModel of(
            Session session, Map<String, String> inputs, Map<String, String> outputs, List<Runnable> closing) {
        Graph graph = session.graph();
        GraphCut cut = GraphCut.at(graph.toGraphDef(), inputs.keySet(), outputs.keySet(), new InMemory(graph));
        Map<String, SessionRun.Port> feeds = new LinkedHashMap<>();
        // TensorFlow Java cannot feed tensors of the types that would have to be carried.
        inputs.forEach((tensor, name) -> feeds.put(name, new SessionRun.Port(tensor, DataType.DT_INVALID)));
        SessionRun run = SessionRun.of(session, feeds, outputs.keySet());
        return of(cut.graph(), renamed(inputs, cut.placeholders()::get), renamed(outputs, cut::tensor), run, closing);
    }

    /** Names by what their tensors are called after the graph was cut. */
    static Map<String, String> renamed(Map<String, String> names, UnaryOperator<String> after) {
        Map<String, String> renamed = new LinkedHashMap<>();
        names.forEach((tensor, name) -> renamed.put(after.apply(tensor), name));
        return renamed;
    }

    /** What TensorFlow knows of the tensors of a graph. */
    private record InMemory(Graph graph) implements GraphCut.Declarations {
        @Override
        public DataType type(String tensor) {
            return DataType.DT_INVALID;
        }

        @Override
        public Optional<TensorShapeProto> shape(String tensor) {
            return ModelGraph.shapeIn(graph, tensor);
        }
    }

    /**
     * A graph whose inputs are placeholders.
     *
     * @param run computes the outputs in a session in which the variables have values
     */
    static TensorFlowModel of(
            GraphDef graph,
            Map<String, String> inputs,
            Map<String, String> outputs,
            SessionRun run,
            List<Runnable> closing) {
        Set<String> needed = GraphParts.ancestors(graph, outputs.keySet());
        needed.addAll(GraphParts.ancestors(graph, inputs.keySet()));
        GraphDef frozen = Tables.frozen(Variables.frozen(graph, needed, run.session()), run.session());
        return new TensorFlowModel(frozen, inputs, distinct(outputs, inputs), run, closing);
    }

    /** Renames outputs that have the name of an input, which a signature allows and ONNX does not. */
    private static Map<String, String> distinct(Map<String, String> outputs, Map<String, String> inputs) {
        Map<String, String> distinct = new LinkedHashMap<>(outputs);
        distinct.replaceAll((tensor, name) -> inputs.containsValue(name) ? name + "_output" : name);
        return distinct;
    }

    /**
     * A copy with other input shapes.
     *
     * @param shapes sizes by ONNX name; -1 for a dynamic one, none for a scalar
     */
    public TensorFlowModel withShapes(Map<String, List<Long>> shapes) {
        requireAmong("input", inputs, shapes.keySet());
        GraphDef.Builder changed = graph.toBuilder();
        for (NodeDef.Builder node : changed.getNodeBuilderList()) {
            String name = inputs.get(node.getName());
            if (name != null && shapes.containsKey(name)) {
                node.putAttr(
                        "shape",
                        AttrValue.newBuilder()
                                .setShape(ConstantNodes.shape(Shapes.array(shapes.get(name))))
                                .build());
            }
        }
        return new TensorFlowModel(changed.build(), inputs, outputs, run, closing);
    }

    /**
     * A copy in which inputs are constants, so that they are no inputs of the file: a keep probability, or whether a model is trained.
     *
     * @param values a number, {@code true} or {@code false} by ONNX name
     * @throws ConversionException if there is no such input, or it cannot have the value
     */
    public TensorFlowModel withConstants(Map<String, String> values) {
        requireAmong("input", inputs, values.keySet());
        Map<String, String> left = new LinkedHashMap<>(inputs);
        Map<String, TensorData> fixed = new LinkedHashMap<>();
        GraphDef.Builder changed = graph.toBuilder().clearNode();
        for (NodeDef node : graph.getNodeList()) {
            String name = inputs.get(node.getName());
            if (name == null || !values.containsKey(name)) {
                changed.addNode(node);
                continue;
            }
            FixedInput constant = FixedInput.of(node, name, values.get(name));
            changed.addNode(constant.node());
            fixed.put(name, constant.value());
            left.remove(node.getName());
        }
        return new TensorFlowModel(changed.build(), left, outputs, run.withFixed(fixed), closing);
    }

    /** A copy in which inputs of unknown rank have that of the samples, with dynamic sizes. */
    public TensorFlowModel withRanks(List<InputSample> samples) {
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        for (NodeDef node : graph.getNodeList()) {
            String name = inputs.get(node.getName());
            if (name == null || node.containsAttr("shape")) {
                continue;
            }
            boolean isComplex =
                    TensorFlowTypes.isComplex(node.getAttrOrThrow("dtype").getType());
            samples.stream()
                    .filter(sample -> sample.tensors().containsKey(name))
                    .findFirst()
                    .map(sample -> sample.tensors().get(name).shape().length - (isComplex ? 1 : 0))
                    .ifPresent(rank -> shapes.put(name, Collections.nCopies(rank, -1L)));
        }
        return withShapes(shapes);
    }

    /**
     * A copy whose inputs and outputs have other names.
     *
     * @param inputNames one for each input, in their order; none to keep the names
     * @param outputNames one for each output, in their order; none to keep the names
     */
    public TensorFlowModel withNames(List<String> inputNames, List<String> outputNames) {
        Map<String, String> first = renamed("inputs", inputs, inputNames);
        Map<String, String> after = new HashMap<>();
        inputs.forEach((tensor, name) -> after.put(name, first.get(tensor)));
        return new TensorFlowModel(
                graph, first, renamed("outputs", outputs, outputNames), run.withNames(after::get), closing);
    }

    private static Map<String, String> renamed(String what, Map<String, String> named, List<String> names) {
        if (names.isEmpty()) {
            return named;
        }
        if (names.size() != named.size() || new HashSet<>(names).size() != names.size()) {
            throw new ConversionException("There are " + named.size() + " " + what + ", " + named.values()
                    + ": expected as many names, each once, got " + names);
        }
        Iterator<String> next = names.iterator();
        Map<String, String> renamed = new LinkedHashMap<>();
        named.keySet().forEach(tensor -> renamed.put(tensor, next.next()));
        return renamed;
    }

    /**
     * A copy with images (N,C,…) for inputs and outputs that are (N,…,C) in the graph.
     *
     * @param inputNames ONNX names
     * @param outputNames ONNX names
     * @throws ConversionException if there is no such input or output, or its rank is not known or below 3
     */
    public TensorFlowModel withChannelsFirst(Collection<String> inputNames, Collection<String> outputNames) {
        requireAmong("input", inputs, inputNames);
        requireAmong("output", outputs, outputNames);
        ChannelsFirst changed = new ChannelsFirst(graph);
        inputs.forEach((placeholder, name) -> {
            if (inputNames.contains(name)) {
                changed.input(placeholder);
            }
        });
        Map<String, String> results = new LinkedHashMap<>();
        Set<Integer> places = new HashSet<>();
        for (Map.Entry<String, String> output : outputs.entrySet()) {
            String tensor = output.getKey();
            if (outputNames.contains(output.getValue())) {
                SessionRun.Port fetch = run.fetches().get(results.size());
                int rank = ModelGraph.shapeIn(run.session().graph(), fetch.tensor())
                        .map(TensorShapeProto::getDimCount)
                        .orElse(0);
                places.add(results.size());
                tensor = changed.output(tensor, fetch.type(), rank);
            }
            results.put(tensor, output.getValue());
        }
        return new TensorFlowModel(
                changed.graph(), inputs, results, run.withChannelsFirst(inputNames, places), closing);
    }

    private static void requireAmong(String what, Map<String, String> named, Collection<String> names) {
        for (String name : names) {
            if (!named.containsValue(name)) {
                throw new ConversionException(
                        "There is no " + what + " " + name + "; the " + what + "s are " + named.values());
            }
        }
    }

    /** The part of the graph that the outputs depend on, without variables; its inputs are placeholders. */
    public GraphDef graph() {
        return graph;
    }

    /** The session in which the original graph runs. */
    public Session session() {
        return run.session();
    }

    /** How the session computes the outputs. */
    SessionRun run() {
        return run;
    }

    /** Placeholder to ONNX name, in the order of the ONNX inputs. */
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
