package io.portolan.converter.source;

import com.google.protobuf.ByteString;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.ConstantNodes;
import io.portolan.converter.tensorflow.TensorFlowTypes;
import java.util.Arrays;
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
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** Replaces a graph's variables by constants. */
final class Variables {
    /** Ops of resource variables, which are read by another op. */
    static final String HANDLE = "VarHandleOp";

    /** Ops of reference variables, whose output is their value. */
    private static final Set<String> HOLDERS = Set.of("Variable", "VariableV2");

    private Variables() {}

    /** Whether a node is a variable, or the handle of one. */
    static boolean holds(NodeDef node) {
        return node.getOp().equals(HANDLE) || HOLDERS.contains(node.getOp());
    }

    /**
     * A part of a graph, frozen with the values of its variables in a session. Ops that read variables stay; they read a constant.
     *
     * @param needed the names of the nodes to keep; other variables need not have a value
     * @throws ConversionException if a variable has no value
     */
    static GraphDef frozen(GraphDef graph, Set<String> needed, Session session) {
        List<NodeDef> variables = graph.getNodeList().stream()
                .filter(node -> needed.contains(node.getName()))
                .filter(Variables::holds)
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
                constants.put(variables.get(i).getName(), constant(variables.get(i), values.get(i)));
            }
        }
    }

    private static Result fetch(List<NodeDef> variables, Session session) {
        Graph graph = session.graph();
        Session.Runner runner = session.runner();
        for (NodeDef variable : variables) {
            GraphOperation operation = graph.operationOrThrow(variable.getName());
            Output<?> value = variable.getOp().equals(HANDLE)
                    ? reading(operation.output(0), type(variable), graph)
                    : operation.output(0);
            runner.fetch(Carriers.fetch(value, graph));
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

    private static DataType type(NodeDef variable) {
        return variable.getAttrOrThrow("dtype").getType();
    }

    /** A constant of a variable's type. The tensor has the bits of its value; a complex one may have become pairs of real numbers. */
    private static NodeDef constant(NodeDef variable, Tensor value) {
        DataType type = type(variable);
        RawTensor raw = value.asRawTensor();
        ByteDataBuffer elements = raw.data();
        if (elements.size() > Integer.MAX_VALUE) {
            throw new ConversionException("The variable " + variable.getName() + " has " + elements.size()
                    + " bytes; expected less than 2 GB");
        }
        byte[] bytes = new byte[(int) elements.size()];
        elements.read(bytes);
        long[] sizes = value.shape().asArray();
        int rank = sizes.length - (TensorFlowTypes.isComplex(type) ? 1 : 0);
        TensorProto tensor = TensorProto.newBuilder()
                .setDtype(type)
                .setTensorShape(ConstantNodes.shape(Arrays.copyOf(sizes, rank)))
                .setTensorContent(ByteString.copyFrom(bytes))
                .build();
        return ConstantNodes.of(variable.getName(), tensor);
    }
}
