package io.portolan.converter.tensorflow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** Functions in the form in which graphs carry them; TensorFlow Java makes none that take or return lists of tensors. */
final class FunctionDefs {
    private FunctionDefs() {}

    /** An argument of a function. */
    record Argument(DataType type, Shape shape) {}

    static FunctionDef of(
            String name, List<Argument> arguments, BiFunction<RawOps, List<Output<?>>, List<Output<?>>> body) {
        try (Graph graph = new Graph()) {
            OpDef.Builder signature = OpDef.newBuilder().setName(name);
            List<Output<?>> given = new ArrayList<>();
            for (Argument argument : arguments) {
                String argumentName = "arg" + given.size();
                given.add(graph.baseScope()
                        .opBuilder("Placeholder", argumentName)
                        .setAttr("dtype", argument.type())
                        .setAttr("shape", argument.shape())
                        .build()
                        .output(0));
                signature.addInputArg(
                        OpDef.ArgDef.newBuilder().setName(argumentName).setType(argument.type()));
            }
            RawOps tf = new RawOps(graph);
            FunctionDef.Builder function = FunctionDef.newBuilder();
            Map<String, NodeDef> nodes = new HashMap<>();
            List<Output<?>> results = body.apply(tf, given).stream()
                    .<Output<?>>map(result -> tf.op("Identity", result))
                    .toList();
            graph.toGraphDef().getNodeList().forEach(node -> nodes.put(node.getName(), node));
            graph.toGraphDef().getNodeList().stream()
                    .filter(node -> !node.getName().startsWith("arg"))
                    .forEach(node -> {
                        NodeDef.Builder inner = node.toBuilder().clearInput();
                        node.getInputList().forEach(input -> inner.addInput(inFunction(input, nodes)));
                        function.addNodeDef(inner);
                    });
            for (int i = 0; i < results.size(); i++) {
                signature.addOutputArg(OpDef.ArgDef.newBuilder()
                        .setName("out" + i)
                        .setType(results.get(i).dataType()));
                function.putRet("out" + i, results.get(i).op().name() + ":output:0");
            }
            return function.setSignature(signature).build();
        }
    }

    /** {@code node:output:place} of {@code node:index}; none of the ops used here has two outputs that are lists. */
    private static String inFunction(String input, Map<String, NodeDef> nodes) {
        TensorName tensor = TensorName.parse(input);
        if (tensor.node().startsWith("arg")) {
            return tensor.node();
        }
        List<OpDef.ArgDef> outputs =
                TensorFlowOps.of(nodes.get(tensor.node()).getOp()).getOutputArgList();
        return outputs.size() == 1
                ? tensor.node() + ":" + outputs.get(0).getName() + ":" + tensor.index()
                : tensor.node() + ":" + outputs.get(tensor.index()).getName() + ":0";
    }
}
