package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.verify.TensorRuns;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/** The gradient of a network's output with respect to its input, as TensorFlow derives it. */
class SaliencyTest {
    private static final Map<String, Object> SAME = Map.of("strides", new long[] {1, 1, 1, 1}, "padding", "SAME");
    private static final Map<String, Object> HALVES =
            Map.of("ksize", new long[] {1, 2, 2, 1}, "strides", new long[] {1, 2, 2, 1}, "padding", "VALID");

    @Test
    void ofANetworkOfAllKindsOfOps() {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            RawOps tf = new RawOps(graph);
            Output<?> x = tf.placeholder("x", DataType.DT_FLOAT, -1, 8, 8, 3);
            Output<?> y =
                    tf.op("Relu", tf.op("BiasAdd", tf.op("Conv2D", SAME, x, tf.weights(3, 3, 3, 4)), tf.weights(4)));
            y = tf.op("Elu", tf.op("Conv2D", SAME, tf.op("MaxPool", HALVES, y), tf.weights(3, 3, 4, 4)));
            y = tf.op("Reshape", tf.op("AvgPool", HALVES, y), tf.ints(-1, 16));
            y = tf.op("Tanh", tf.op("Mul", tf.op("MatMul", y, tf.weights(16, 5)), tf.weights(5)));
            Output<?> gradient = graph.addGradients(y, new Output<?>[] {x})[0];
            OnnxGraph onnx = TensorFlowParity.convert(graph.toGraphDef(), List.of("x"), List.of(gradient));
            byte[] model = OnnxWriter.write(onnx, Map.of()).toByteArray();
            Map<String, TensorData> feeds = Map.of("x", normal(3, 8, 8, 3).sample(OnnxType.FLOAT, new Random(4), 3));
            TensorFlowParity.assertSame(
                    "the gradient",
                    TensorRuns.tensorFlow(session, List.of(RawOps.tensorName(gradient)), feeds)
                            .get(0),
                    TensorRuns.onnx(model, feeds).get(0),
                    1e-5);
        }
    }
}
