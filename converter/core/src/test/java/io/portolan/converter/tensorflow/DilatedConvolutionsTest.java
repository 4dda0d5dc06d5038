package io.portolan.converter.tensorflow;

import static io.portolan.converter.tensorflow.ParityCase.normal;
import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.verify.TensorRuns;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;

/** Dilated convolutions as TensorFlow 1 writes them: interleaved pieces as a batch, convolved, and put together again. */
class DilatedConvolutionsTest {

    /** The edges are top, bottom, left and right; of the last cases, one is cropped by more than it was padded, one has other blocks. */
    @ParameterizedTest
    @CsvSource({
        "Conv2D, 2 2 2 3, 0 0 0 1, 2, Conv",
        "Conv2D, 2 2 1 2, 0 0 0 0, 2, Conv",
        "DepthwiseConv2dNative, 2 2 2 3, 0 0 0 1, 2, Conv",
        "Conv2D, 0 0 0 1, 0 0 0 1, 2, Conv",
        "Conv2D, 0 0 0 1, 1 0 0 0, 2, several",
        "Conv2D, 0 0 1 0, 0 0 0 0, 1, several"
    })
    void areOne(String convolution, String paddings, String crops, int joined, String expected) {
        long[] shape = {4, 10, 9, 3};
        TensorData x = normal(shape).sample(OnnxType.FLOAT, new Random(2), 1);
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            RawOps tf = new RawOps(graph);
            Output<?> cut =
                    tf.op("SpaceToBatchND", tf.placeholder("x", tf.type(), shape), tf.ints(2, 2), edges(tf, paddings));
            Map<String, Object> plain = Map.of("strides", new long[] {1, 1, 1, 1}, "padding", "VALID");
            Output<?> pieces = tf.op(convolution, plain, cut, tf.weights(3, 2, 3, 4));
            Output<?> y = tf.op("BatchToSpaceND", pieces, tf.ints(2, joined), edges(tf, crops));
            OnnxGraph converted = TensorFlowParity.convert(graph.toGraphDef(), List.of("x"), List.of(y));

            List<String> ops = converted.nodes().stream()
                    .map(node -> node.op().opName())
                    .filter(op -> !op.equals("Transpose"))
                    .toList();
            assertThat(ops)
                    .satisfies(
                            found -> assertThat(found.equals(List.of(expected))).isEqualTo(expected.equals("Conv")));
            TensorData wanted = TensorRuns.tensorFlow(session, List.of(RawOps.tensorName(y)), Map.of("x", x))
                    .get(0);
            byte[] model = OnnxWriter.write(converted, Map.of()).toByteArray();
            // Sums of up to 18 products, in another order.
            TensorFlowParity.assertSame(
                    convolution, wanted, TensorRuns.onnx(model, Map.of("x", x)).get(0), 1e-5);
        }
    }

    private static Output<?> edges(RawOps tf, String numbers) {
        int[] edges =
                List.of(numbers.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
        return tf.ints(new int[][] {{edges[0], edges[1]}, {edges[2], edges[3]}});
    }
}
