package io.portolan.converter.source.keras;

import io.portolan.converter.tensorflow.OpSignatures;
import io.portolan.converter.tensorflow.TensorName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** Adds loops to a graph: a {@code StatelessWhile} with the functions for its condition and its body. */
final class Loop {
    private static final String ARGUMENT = "arg";

    private Loop() {}

    /** What a function computes from its arguments. */
    interface Body extends BiFunction<GraphOps, List<Output<?>>, List<Output<?>>> {}

    /**
     * Adds a loop.
     *
     * @param initial the variables before the loop
     * @param condition whether to go on, as one truth value
     * @param body the variables after an iteration
     * @return the variables after the loop
     */
    static List<Output<?>> add(GraphOps tf, List<Output<?>> initial, Body condition, Body body) {
        String name = tf.unique("loop");
        FunctionDef goesOn = function(name + "_condition", initial, condition);
        FunctionDef step = function(name + "_body", initial, body);
        tf.graph()
                .importGraphDef(GraphDef.newBuilder()
                        .setLibrary(FunctionDefLibrary.newBuilder()
                                .addFunction(goesOn)
                                .addFunction(step))
                        .build());
        Operation loop =
                tf.operation("StatelessWhile", Map.of("cond", reference(goesOn), "body", reference(step)), initial);
        List<Output<?>> results = new ArrayList<>();
        for (int i = 0; i < initial.size(); i++) {
            results.add(loop.output(i));
        }
        return results;
    }

    private static AttrValue reference(FunctionDef function) {
        return AttrValue.newBuilder()
                .setFunc(NameAttrList.newBuilder()
                        .setName(function.getSignature().getName()))
                .build();
    }

    private static FunctionDef function(String name, List<Output<?>> variables, Body body) {
        try (Graph graph = new Graph()) {
            GraphOps tf = new GraphOps(graph);
            OpDef.Builder signature = OpDef.newBuilder().setName(name);
            List<Output<?>> arguments = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (Output<?> variable : variables) {
                String argument = ARGUMENT + arguments.size();
                names.add(argument);
                OperationBuilder placeholder = graph.opBuilder("Placeholder", argument, graph.baseScope())
                        .setAttr("dtype", variable.dataType());
                arguments.add(
                        placeholder.setAttr("shape", variable.shape()).build().output(0));
                signature.addInputArg(
                        OpDef.ArgDef.newBuilder().setName(argument).setType(variable.dataType()));
            }
            tf.scope("step");
            List<Output<?>> results = body.apply(tf, arguments).stream()
                    .<Output<?>>map(result -> tf.op("Identity", result))
                    .toList();
            FunctionDef.Builder function = FunctionDef.newBuilder();
            GraphDef written = graph.toGraphDef();
            Map<String, NodeDef> nodes = new HashMap<>();
            written.getNodeList().forEach(node -> nodes.put(node.getName(), node));
            OpSignatures signatures = new OpSignatures(FunctionDefLibrary.getDefaultInstance());
            for (NodeDef node : written.getNodeList()) {
                if (!names.contains(node.getName())) {
                    NodeDef.Builder inner = node.toBuilder().clearInput();
                    for (String input : node.getInputList()) {
                        TensorName tensor = TensorName.parse(input);
                        inner.addInput(
                                names.contains(tensor.node())
                                        ? tensor.node()
                                        : signatures.inFunction(nodes.get(tensor.node()), tensor.index()));
                    }
                    function.addNodeDef(inner);
                }
            }
            for (int i = 0; i < results.size(); i++) {
                signature.addOutputArg(OpDef.ArgDef.newBuilder()
                        .setName("out" + i)
                        .setType(results.get(i).dataType()));
                function.putRet("out" + i, results.get(i).op().name() + ":output:0");
            }
            return function.setSignature(signature).build();
        }
    }
}
