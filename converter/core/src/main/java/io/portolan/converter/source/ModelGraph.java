package io.portolan.converter.source;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.ConstantNodes;
import io.portolan.converter.tensorflow.TensorName;
import io.portolan.converter.xla.XlaSavedModels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A graph from a file, to be loaded in a session of its own: without the devices that it was placed on, which may be missing here, and
 * only the part that is needed, as another may use ops that this version of TensorFlow does not have.
 *
 * @param source how messages name the file
 * @param graph the graph
 * @param declared what a signature says of tensors, by tensor
 */
record ModelGraph(String source, GraphDef graph, Map<String, TensorInfo> declared) {
    /** The attribute that places a node on the device of another. */
    private static final String COLOCATION = "_class";

    /** The attribute of a call with the session's configuration, by which the function that it runs is optimised. */
    private static final String CONFIGURATION = "config_proto";

    private static final AttrValue AS_WRITTEN = AttrValue.newBuilder()
            .setS(ProcessorSession.configuration().toByteString())
            .build();

    /** A graph that any processor can run. */
    static ModelGraph of(String source, GraphDef graph, Map<String, TensorInfo> declared) {
        GraphDef.Builder changed = graph.toBuilder();
        XlaSavedModels.makeReadable(changed);
        changed.getNodeBuilderList().forEach(node -> unplace(node).removeAttr(COLOCATION));
        for (FunctionDef.Builder function : changed.getLibraryBuilder().getFunctionBuilderList()) {
            function.getNodeDefBuilderList().forEach(ModelGraph::unplace);
        }
        return new ModelGraph(source, changed.build(), declared);
    }

    private static NodeDef.Builder unplace(NodeDef.Builder node) {
        if (node.containsAttr(CONFIGURATION)) {
            node.putAttr(CONFIGURATION, AS_WRITTEN);
        }
        return node.clearDevice();
    }

    /**
     * Loads the part of the graph that computes the outputs.
     *
     * @param inputs tensor to ONNX name
     * @param outputs tensor to ONNX name
     * @param targets further nodes that the initialisation needs
     * @param initialisation gives variables and tables of the session their values
     */
    TensorFlowModel load(
            Map<String, String> inputs,
            Map<String, String> outputs,
            Collection<String> targets,
            Consumer<Session> initialisation) {
        GraphCut cut = GraphCut.at(graph, inputs.keySet(), outputs.keySet(), new Known(inputs.keySet()));
        Map<String, String> placeholders = TensorFlowModel.renamed(inputs, cut.placeholders()::get);
        Map<String, String> results = TensorFlowModel.renamed(outputs, cut::tensor);
        List<String> wanted = new ArrayList<>(results.keySet());
        wanted.addAll(placeholders.keySet());
        wanted.addAll(targets);
        GraphDef part = GraphParts.of(cut.graph(), GraphParts.ancestors(cut.graph(), wanted));
        SideEffects.refuse(part);
        Graph loaded = new Graph();
        // The session is closed first: a graph waits for its sessions.
        Deque<Runnable> closing = new ArrayDeque<>(List.of(loaded::close));
        try {
            imported(Carriers.withFeeds(part, placeholders.keySet()), loaded);
            Session session = ProcessorSession.of(loaded);
            closing.push(session::close);
            initialisation.accept(session);
            SessionRun run = SessionRun.of(session, feeds(part, placeholders), results.keySet());
            return TensorFlowModel.of(part, placeholders, results, run, List.copyOf(closing));
        } catch (RuntimeException failure) {
            closing.forEach(Runnable::run);
            throw failure;
        }
    }

    private static Map<String, SessionRun.Port> feeds(GraphDef graph, Map<String, String> placeholders) {
        Map<String, SessionRun.Port> feeds = new LinkedHashMap<>();
        for (NodeDef node : graph.getNodeList()) {
            String name = placeholders.get(node.getName());
            if (name != null) {
                DataType type = node.getAttrOrThrow("dtype").getType();
                feeds.put(name, new SessionRun.Port(Carriers.feed(node), type));
            }
        }
        return feeds;
    }

    private void imported(GraphDef definition, Graph target) {
        try {
            target.importGraphDef(definition);
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException(
                    source + ": TensorFlow cannot load the graph: " + failure.getMessage(), failure);
        }
    }

    /** What the signature says of tensors and, where it says nothing, what TensorFlow infers. */
    private final class Known implements GraphCut.Declarations {
        private final Collection<String> tensors;
        private Map<String, TensorShapeProto> inferred;

        Known(Collection<String> tensors) {
            this.tensors = tensors;
        }

        @Override
        public DataType type(String tensor) {
            return declared.getOrDefault(tensor, TensorInfo.getDefaultInstance())
                    .getDtype();
        }

        @Override
        public Optional<TensorShapeProto> shape(String tensor) {
            TensorInfo info = declared.get(tensor);
            if (info != null && info.hasTensorShape() && !info.getTensorShape().getUnknownRank()) {
                return Optional.of(info.getTensorShape());
            }
            if (inferred == null) {
                inferred = inferred();
            }
            return Optional.ofNullable(inferred.get(tensor));
        }

        private Map<String, TensorShapeProto> inferred() {
            Map<String, TensorShapeProto> shapes = new HashMap<>();
            try (Graph before = new Graph()) {
                Set<String> needed = new HashSet<>(GraphParts.ancestors(graph, tensors));
                before.importGraphDef(GraphParts.of(graph, needed));
                tensors.forEach(tensor -> shapeIn(before, tensor).ifPresent(shape -> shapes.put(tensor, shape)));
            } catch (RuntimeException unknown) {
                // What comes before the cut need not be a graph that TensorFlow can load: the shapes stay unknown.
                return Map.of();
            }
            return shapes;
        }
    }

    /** The shape that TensorFlow infers for a tensor of a graph; empty if its rank is unknown. */
    static Optional<TensorShapeProto> shapeIn(Graph graph, String tensor) {
        TensorName name = TensorName.parse(tensor);
        Output<?> output = graph.operationOrThrow(name.node()).output(name.index());
        Shape shape = output.shape();
        return shape.isUnknown() ? Optional.empty() : Optional.of(ConstantNodes.shape(shape.asArray()));
    }
}
