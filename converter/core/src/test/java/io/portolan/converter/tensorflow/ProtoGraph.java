package io.portolan.converter.tensorflow;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** A graph that is written node by node, with the cycles and control edges of TensorFlow 1, which TensorFlow Java does not build. */
final class ProtoGraph {
    private final GraphDef.Builder definition = GraphDef.newBuilder();

    /** Adds a node with one output. */
    String node(String op, String name, DataType type, String... inputs) {
        definition.addNode(NodeDef.newBuilder()
                .setName(name)
                .setOp(op)
                .addAllInput(List.of(inputs))
                .putAttr("T", type(type)));
        return name;
    }

    /** Adds an attribute to the last node. */
    ProtoGraph with(String attribute, AttrValue.Builder value) {
        definition.getNodeBuilder(definition.getNodeCount() - 1).putAttr(attribute, value.build());
        return this;
    }

    static AttrValue type(DataType type) {
        return AttrValue.newBuilder().setType(type).build();
    }

    String placeholder(String name, DataType type, long... shape) {
        TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
        for (long size : shape) {
            sizes.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        node("Placeholder", name, type);
        with("dtype", AttrValue.newBuilder().setType(type))
                .with("shape", AttrValue.newBuilder().setShape(sizes));
        definition.getNodeBuilder(definition.getNodeCount() - 1).removeAttr("T");
        return name;
    }

    String constant(String name, float value, String... control) {
        return constant(name, DataType.DT_FLOAT, TensorProto.newBuilder().addFloatVal(value), control);
    }

    String constant(String name, int value, String... control) {
        return constant(name, DataType.DT_INT32, TensorProto.newBuilder().addIntVal(value), control);
    }

    String constant(String name, boolean value, String... control) {
        return constant(name, DataType.DT_BOOL, TensorProto.newBuilder().addBoolVal(value), control);
    }

    String vector(String name, int... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setTensorShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(values.length)));
        for (int value : values) {
            tensor.addIntVal(value);
        }
        return constant(name, DataType.DT_INT32, tensor);
    }

    private String constant(String name, DataType type, TensorProto.Builder tensor, String... control) {
        definition.addNode(NodeDef.newBuilder()
                .setName(name)
                .setOp("Const")
                .addAllInput(List.of(control))
                .putAttr("dtype", type(type))
                .putAttr(
                        "value",
                        AttrValue.newBuilder().setTensor(tensor.setDtype(type)).build()));
        return name;
    }

    String enter(String name, DataType type, String frame, boolean isConstant, String input) {
        node("Enter", name, type, input);
        with("frame_name", AttrValue.newBuilder().setS(ByteString.copyFromUtf8(frame)))
                .with("is_constant", AttrValue.newBuilder().setB(isConstant));
        return name;
    }

    /** A variable of a loop. */
    record Variable(String initial, DataType type) {}

    /**
     * Adds a loop as {@code while_loop} of TensorFlow 1 does.
     *
     * @param condition makes a truth of the variables
     * @param body makes the next values of the variables
     * @return the variables after the loop
     */
    List<String> loop(
            String name,
            List<Variable> variables,
            Function<List<String>, String> condition,
            Function<List<String>, List<String>> body) {
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < variables.size(); i++) {
            DataType type = variables.get(i).type();
            String enter = enter(
                    name + "/Enter_" + i, type, name, false, variables.get(i).initial());
            merged.add(node("Merge", name + "/Merge_" + i, type, enter, name + "/Next_" + i));
            with("N", AttrValue.newBuilder().setI(2));
        }
        definition.addNode(NodeDef.newBuilder()
                .setName(name + "/LoopCond")
                .setOp("LoopCond")
                .addInput(condition.apply(merged)));
        List<String> inside = new ArrayList<>();
        List<String> exits = new ArrayList<>();
        for (int i = 0; i < variables.size(); i++) {
            DataType type = variables.get(i).type();
            String choice = node("Switch", name + "/Switch_" + i, type, merged.get(i), name + "/LoopCond");
            inside.add(node("Identity", name + "/Identity_" + i, type, choice + ":1"));
            exits.add(node("Exit", name + "/Exit_" + i, type, choice));
        }
        List<String> next = body.apply(inside);
        for (int i = 0; i < variables.size(); i++) {
            node("NextIteration", name + "/Next_" + i, variables.get(i).type(), next.get(i));
        }
        return exits;
    }

    /**
     * Adds a branch as {@code cond} of TensorFlow 1 does.
     *
     * @param captured tensors that the branches read
     * @param yes makes results of what is captured, and the name of a node to wait for
     * @return the results
     */
    List<String> branch(
            String name,
            String condition,
            DataType type,
            List<String> captured,
            Function<Inside, List<String>> yes,
            Function<Inside, List<String>> no) {
        node("Switch", name + "/Switch", DataType.DT_BOOL, condition, condition);
        node("Identity", name + "/switch_t", DataType.DT_BOOL, name + "/Switch:1");
        node("Identity", name + "/switch_f", DataType.DT_BOOL, name + "/Switch");
        node("Identity", name + "/pred_id", DataType.DT_BOOL, condition);
        List<String> whenTrue = new ArrayList<>();
        List<String> whenFalse = new ArrayList<>();
        for (int i = 0; i < captured.size(); i++) {
            String choice = node("Switch", name + "/Switch_" + i, type, captured.get(i), name + "/pred_id");
            whenTrue.add(choice + ":1");
            whenFalse.add(choice);
        }
        List<String> trueResults = yes.apply(new Inside(whenTrue, "^" + name + "/switch_t"));
        List<String> falseResults = no.apply(new Inside(whenFalse, "^" + name + "/switch_f"));
        List<String> results = new ArrayList<>();
        for (int i = 0; i < trueResults.size(); i++) {
            results.add(node("Merge", name + "/Merge_" + i, type, falseResults.get(i), trueResults.get(i)));
            with("N", AttrValue.newBuilder().setI(2));
        }
        return results;
    }

    /** The inside of a branch: what it has captured, and the control edge on which its constants depend. */
    record Inside(List<String> captured, String control) {}

    GraphDef definition() {
        return definition.build();
    }

    /** Puts the nodes into a graph of TensorFlow. */
    Output<?> in(Graph graph, String output) {
        graph.importGraphDef(definition.build());
        TensorName name = TensorName.parse(output);
        return graph.operationOrThrow(name.node()).output(name.index());
    }
}
