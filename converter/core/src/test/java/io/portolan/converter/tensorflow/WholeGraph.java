package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import io.portolan.converter.verify.TensorRuns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;

/** Converts a TensorFlow graph, and compares it with the imported graph and with the graph after all passes. */
final class WholeGraph {
    private final OnnxGraph onnx;
    private final List<TensorData> results;

    private WholeGraph(OnnxGraph onnx, List<TensorData> results) {
        this.onnx = onnx;
        this.results = results;
    }

    /**
     * Asserts that the conversion computes what TensorFlow does.
     *
     * @param feeds what to run it on, by placeholder
     * @param tolerance the largest difference, relative to the larger of 1 and the number
     */
    static WholeGraph check(Graph graph, Map<String, TensorData> feeds, double tolerance, Operand<?>... outputs)
            throws Exception {
        Map<String, String> inputs = new LinkedHashMap<>();
        feeds.keySet().forEach(name -> inputs.put(name, name));
        Map<String, String> names = new LinkedHashMap<>();
        for (Operand<?> output : outputs) {
            names.put(RawOps.tensorName(output.asOutput()), "out" + names.size());
        }
        OnnxGraph onnx =
                new TensorFlowImporter(StandardHandlers.registry()).importGraph(graph.toGraphDef(), inputs, names);
        List<TensorData> expected;
        try (Session session = new Session(graph)) {
            expected = TensorRuns.tensorFlow(session, List.copyOf(names.keySet()), feeds);
        }
        compare("as imported", expected, run(onnx, feeds), tolerance);
        PassPipeline.standard().run(onnx);
        compare("after all passes", expected, run(onnx, feeds), tolerance);
        return new WholeGraph(onnx, expected);
    }

    private static List<TensorData> run(OnnxGraph graph, Map<String, TensorData> feeds) throws Exception {
        byte[] model = OnnxWriter.write(graph, Map.of()).toByteArray();
        ModelChecker.check(model, Opset.DEFAULT);
        return TensorRuns.onnx(model, feeds);
    }

    private static void compare(String when, List<TensorData> expected, List<TensorData> actual, double tolerance) {
        for (int i = 0; i < expected.size(); i++) {
            TensorData want = expected.get(i);
            assertThat(actual.get(i).toString())
                    .as("type of output %d, %s", i, when)
                    .isEqualTo(want.toString());
            double[] had = actual.get(i).doubles();
            double[] wanted = want.doubles();
            for (int j = 0; j < wanted.length; j++) {
                assertThat(had[j])
                        .as("output %d[%d], %s", i, j, when)
                        .isBetween(
                                wanted[j] - tolerance * Math.max(1, Math.abs(wanted[j])),
                                wanted[j] + tolerance * Math.max(1, Math.abs(wanted[j])));
            }
        }
    }

    /** The operators of the model after all passes, in their order, those of loops and branches too. */
    List<String> operators() {
        return onnx.allNodes().map(Node::op).map(op -> op.opName()).toList();
    }

    OnnxGraph onnx() {
        return onnx;
    }

    /** What TensorFlow computed. */
    List<TensorData> results() {
        return results;
    }
}
