package io.portolan.converter.passes.opencv;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.passes.Pass;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates nodes that depend on constants only, of any size, with ONNX Runtime, which would do the same whenever it loads the
 * model: OpenCV expects every node to have a computed input.
 */
public final class PrecomputeConstants implements Pass {
    @Override
    public String name() {
        return "precompute-constants";
    }

    @Override
    public void apply(OnnxGraph graph) {
        OnnxGraph constantPart = new OnnxGraph("constants");
        Map<Value, Value> copies = copyConstantPart(graph, new GraphBuilder(constantPart));
        // Shapes and other integers have been folded before.
        copies.values().stream()
                .filter(copy -> !copy.isConstant() && copy.element() == OnnxType.FLOAT)
                .forEach(copy -> constantPart.bindOutput("result of " + copy.name(), copy));
        if (!constantPart.outputs().isEmpty()) {
            replace(graph, copies, results(constantPart));
        }
    }

    /** Copies the nodes that depend on constants only: from each such value to its copy in the builder's graph. */
    private static Map<Value, Value> copyConstantPart(OnnxGraph graph, GraphBuilder b) {
        Map<Value, Value> copies = new IdentityHashMap<>();
        for (Node node : graph.nodes()) {
            boolean isConstant =
                    node.inputs().stream().allMatch(input -> input.isConstant() || copies.containsKey(input));
            if (isConstant && node.subgraphs().isEmpty()) {
                Value[] inputs = node.inputs().stream()
                        .map(input -> copies.computeIfAbsent(
                                input, constant -> b.constant(constant.data().orElseThrow())))
                        .toArray(Value[]::new);
                List<Value> outputs = b.node(node.op(), node.attributes(), inputs);
                for (int i = 0; i < outputs.size(); i++) {
                    copies.put(node.outputs().get(i), outputs.get(i));
                }
            }
        }
        return copies;
    }

    private static Map<String, Tensor> results(OnnxGraph constantPart) {
        byte[] model = OnnxWriter.write(constantPart, Map.of()).toByteArray();
        try (OnnxModel loaded = OnnxModel.load("the constants", model, RuntimeOptions.defaults())) {
            return loaded.run(Map.of());
        }
    }

    private static void replace(OnnxGraph graph, Map<Value, Value> copies, Map<String, Tensor> results) {
        GraphRewriter.rewrite(graph, (node, b) -> {
            List<Tensor> computed = node.outputs().stream()
                    .filter(copies::containsKey)
                    .map(output -> results.get("result of " + copies.get(output).name()))
                    .takeWhile(result -> result != null)
                    .toList();
            return computed.size() == node.outputs().size()
                    ? Optional.of(computed.stream()
                            .map(result -> b.constant(TensorData.of(result.floats(), result.shape())))
                            .toList())
                    : Optional.empty();
        });
    }
}
