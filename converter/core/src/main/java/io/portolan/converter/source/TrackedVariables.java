package io.portolan.converter.source;

import com.google.protobuf.InvalidProtocolBufferException;
import io.portolan.converter.lowering.ConversionException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedConcreteFunction;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObject;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph.TrackableObject;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TString;

/**
 * Variables whose values are found by the objects that own them. The restoring node of a SavedModel assigns to the handles that its writer
 * made for it; Keras 3, for one, makes others than those that its functions read. Python finds the values of these as this class does: the graph of
 * objects in the SavedModel says which object each function has captured, and that in the checkpoint, which has the same paths, where the
 * value of an object is.
 *
 * <p>Formats: {@code saved_object_graph.proto} and {@code trackable_object_graph.proto} of TensorFlow.
 */
final class TrackedVariables {
    /** The key of the graph of objects in a checkpoint. */
    private static final String OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH";

    /** The name of the attribute of an object that is its value. */
    private static final String VALUE = "VARIABLE_VALUE";

    private final MetaGraphDef saved;
    private final Path checkpoint;

    /**
     * The variables of a SavedModel.
     *
     * @param checkpoint the common prefix of the files that have the values
     */
    TrackedVariables(MetaGraphDef saved, Path checkpoint) {
        this.saved = saved;
        this.checkpoint = checkpoint;
    }

    /** Assigns their values to the variables of a session that have none and whose objects are known. */
    void restore(Session session) {
        List<GraphOperation> empty = withoutValue(session);
        if (empty.isEmpty()) {
            return;
        }
        Map<String, Integer> objects = objects();
        Graph graph = session.graph();
        Ops tf = Ops.create(graph);
        try {
            Map<Integer, String> keys = keys(session);
            Session.Runner runner = session.runner();
            for (GraphOperation handle : empty) {
                Optional<String> key =
                        Optional.ofNullable(objects.get(handle.name())).map(keys::get);
                key.ifPresent(found -> runner.addTarget(graph.baseScope()
                        .opBuilder("AssignVariableOp", "portolan_assign")
                        .addInput(handle.output(0))
                        .addInput(restored(tf, graph, found, type(handle)))
                        .build()));
            }
            runner.run().close();
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException(
                    checkpoint + ": the values of the variables cannot be read: " + failure.getMessage(), failure);
        }
    }

    private List<GraphOperation> withoutValue(Session session) {
        Graph graph = session.graph();
        List<GraphOperation> handles = saved.getGraphDef().getNodeList().stream()
                .filter(node -> node.getOp().equals(Variables.HANDLE))
                .map(node -> graph.operation(node.getName()))
                .filter(Objects::nonNull)
                .toList();
        if (handles.isEmpty()) {
            return List.of();
        }
        Session.Runner runner = session.runner();
        handles.forEach(handle -> runner.fetch(graph.baseScope()
                .opBuilder("VarIsInitializedOp", "portolan_initialized")
                .addInput(handle.output(0))
                .build()
                .output(0)));
        try (Result known = runner.run()) {
            return IntStream.range(0, handles.size())
                    .filter(i -> !((TBool) known.get(i)).getBoolean())
                    .mapToObj(handles::get)
                    .toList();
        }
    }

    private DataType type(GraphOperation handle) {
        return saved.getGraphDef().getNodeList().stream()
                .filter(node -> node.getName().equals(handle.name()))
                .findFirst()
                .orElseThrow()
                .getAttrOrThrow("dtype")
                .getType();
    }

    private Output<?> restored(Ops tf, Graph graph, String key, DataType type) {
        return graph.baseScope()
                .opBuilder("RestoreV2", "portolan_restore")
                .addInput(tf.constant(checkpoint.toString()).asOutput())
                .addInput(tf.constant(NdArrays.vectorOfObjects(key)).asOutput())
                .addInput(tf.constant(NdArrays.vectorOfObjects("")).asOutput())
                .setAttr("dtypes", new DataType[] {type})
                .build()
                .output(0);
    }

    /** The object that each handle belongs to, by the name of the handle's node. */
    private Map<String, Integer> objects() {
        Map<String, Integer> objects = new HashMap<>(uniquelyNamed());
        Map<String, SavedConcreteFunction> functions = saved.getObjectGraphDef().getConcreteFunctionsMap();
        for (NodeDef node : saved.getGraphDef().getNodeList()) {
            String called = node.getAttrOrDefault("f", AttrValue.getDefaultInstance())
                    .getFunc()
                    .getName();
            SavedConcreteFunction function = functions.get(called.isEmpty() ? node.getOp() : called);
            if (function != null) {
                List<String> inputs = node.getInputList().stream()
                        .filter(input -> !input.startsWith("^"))
                        .toList();
                // What a function has captured comes after its arguments.
                int arguments = inputs.size() - function.getBoundInputsCount();
                for (int i = Math.max(0, arguments); i < inputs.size(); i++) {
                    objects.put(inputs.get(i), function.getBoundInputs(i - arguments));
                }
            }
        }
        return objects;
    }

    /** Handles that have the name of one variable only. */
    private Map<String, Integer> uniquelyNamed() {
        Map<String, List<Integer>> named = new LinkedHashMap<>();
        SavedObjectGraph objects = saved.getObjectGraphDef();
        IntStream.range(0, objects.getNodesCount())
                .filter(id -> objects.getNodes(id).hasVariable())
                .forEach(id -> named.computeIfAbsent(
                                objects.getNodes(id).getVariable().getName(), any -> new ArrayList<>())
                        .add(id));
        Map<String, Integer> unique = new HashMap<>();
        named.forEach((name, ids) -> {
            if (ids.size() == 1) {
                unique.put(name, ids.get(0));
            }
        });
        return unique;
    }

    /** The key in the checkpoint of each object that has a value, found by walking both graphs of objects along the same names. */
    private Map<Integer, String> keys(Session session) {
        TrackableObjectGraph stored = stored(session);
        SavedObjectGraph objects = saved.getObjectGraphDef();
        Map<Integer, Integer> places = new HashMap<>();
        Deque<Integer> pending = new ArrayDeque<>();
        if (objects.getNodesCount() > 0 && stored.getNodesCount() > 0) {
            places.put(0, 0);
            pending.add(0);
        }
        while (!pending.isEmpty()) {
            int id = pending.pop();
            SavedObject object = objects.getNodes(id);
            Map<String, Integer> children = stored.getNodes(places.get(id)).getChildrenList().stream()
                    .collect(Collectors.toMap(
                            TrackableObject.ObjectReference::getLocalName,
                            TrackableObject.ObjectReference::getNodeId,
                            (one, other) -> one));
            for (TrackableObject.ObjectReference child : object.getChildrenList()) {
                Integer place = children.get(child.getLocalName());
                boolean exists = place != null
                        && place >= 0
                        && place < stored.getNodesCount()
                        && child.getNodeId() >= 0
                        && child.getNodeId() < objects.getNodesCount();
                if (exists && places.putIfAbsent(child.getNodeId(), place) == null) {
                    pending.add(child.getNodeId());
                }
            }
        }
        Map<Integer, String> keys = new HashMap<>();
        places.forEach((id, place) -> stored.getNodes(place).getAttributesList().stream()
                .filter(attribute -> attribute.getName().equals(VALUE))
                .findFirst()
                .ifPresent(attribute -> keys.put(id, attribute.getCheckpointKey())));
        return keys;
    }

    private TrackableObjectGraph stored(Session session) {
        Graph graph = session.graph();
        Output<?> text = restored(Ops.create(graph), graph, OBJECT_GRAPH, DataType.DT_STRING);
        try (Result result = session.runner().fetch(text).run()) {
            return TrackableObjectGraph.parseFrom(
                    ((TString) result.get(0)).asBytes().getObject());
        } catch (InvalidProtocolBufferException damaged) {
            throw new ConversionException(checkpoint + ": its graph of objects is damaged", damaged);
        }
    }
}
