package io.portolan.converter.source;

import com.google.protobuf.ByteString;
import io.portolan.converter.lowering.ConversionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.RawTensor;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Replaces a graph's variables by constants. */
final class Variables {
    /** Ops of resource variables, which are read by another op. */
    private static final String HANDLE = "VarHandleOp";

    /** Ops of reference variables, whose output is their value. */
    private static final Set<String> HOLDERS = Set.of("Variable", "VariableV2");

    private Variables() {}

    /**
     * A part of a graph, frozen with the values of its variables in a session. Ops that read variables stay; they read a constant.
     *
     * @param needed the names of the nodes to keep; other variables need not have a value
     * @throws ConversionException if a variable has no value
     */
    static GraphDef frozen(GraphDef graph, Set<String> needed, Session session) {
        List<NodeDef> variables = graph.getNodeList().stream()
                .filter(node -> needed.contains(node.getName()))
                .filter(node -> node.getOp().equals(HANDLE) || HOLDERS.contains(node.getOp()))
                .toList();
        Map<String, NodeDef> constants = new HashMap<>();
        if (!variables.isEmpty()) {
            read(variables, session, constants);
        }
        GraphDef.Builder frozen = graph.toBuilder().clearNode();
        graph.getNodeList().stream()
                .filter(node -> needed.contains(node.getName()))
                .forEach(node -> frozen.addNode(constants.getOrDefault(node.getName(), node)));
        return frozen.build();
    }

    private static void read(List<NodeDef> variables, Session session, Map<String, NodeDef> constants) {
        try (Result values = fetch(variables, session)) {
            for (int i = 0; i < variables.size(); i++) {
                constants.put(
                        variables.get(i).getName(), constant(variables.get(i).getName(), values.get(i)));
            }
        }
    }

    private static Result fetch(List<NodeDef> variables, Session session) {
        Graph graph = session.graph();
        Session.Runner runner = session.runner();
        for (NodeDef variable : variables) {
            GraphOperation operation = graph.operationOrThrow(variable.getName());
            runner.fetch(
                    variable.getOp().equals(HANDLE)
                            ? reading(
                                    operation.output(0),
                                    variable.getAttrOrThrow("dtype").getType(),
                                    graph)
                            : operation.output(0));
        }
        try {
            return runner.run();
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException("The variables cannot be read: " + failure.getMessage(), failure);
        }
    }

    /** Adds an op to the graph that reads a variable, as it may otherwise be read only inside functions. */
    private static Output<?> reading(Output<?> handle, DataType type, Graph graph) {
        return graph.baseScope()
                .opBuilder("ReadVariableOp", "portolan_read")
                .addInput(handle)
                .setAttr("dtype", type)
                .build()
                .output(0);
    }

    private static NodeDef constant(String name, Tensor value) {
        RawTensor raw = value.asRawTensor();
        ByteDataBuffer elements = raw.data();
        byte[] bytes = new byte[Math.toIntExact(elements.size())];
        elements.read(bytes);
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long size : value.shape().asArray()) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        TensorProto tensor = TensorProto.newBuilder()
                .setDtype(value.dataType())
                .setTensorShape(shape)
                .setTensorContent(ByteString.copyFrom(bytes))
                .build();
        return NodeDef.newBuilder()
                .setName(name)
                .setOp("Const")
                .putAttr(
                        "dtype",
                        AttrValue.newBuilder().setType(value.dataType()).build())
                .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build())
                .build();
    }
}
