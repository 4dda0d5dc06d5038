package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portolan.checkpoints.values.ElementType;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.data.Batch;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.ops.Convolution;
import io.portolan.graphs.ops.Gradients;
import io.portolan.graphs.ops.Precision;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/** Matrix products and convolutions of the steps are in bfloat16, and all other ops are not. */
class MixedPrecisionTest {
    /** Half the distance from one bfloat16, of eight significant bits, to the next, relatively. */
    private static final double ROUNDING = 0x1p-9;

    @Test
    void productsAndConvolutionsAloneAreNarrow() {
        try (TrainingGraph graph = graph(Precision.MIXED)) {
            assertThat(narrowOps(graph, node -> node.getName().startsWith("training/")))
                    .containsExactlyInAnyOrder("BatchMatMulV2", "Conv2D", "Cast");
            // In the backward pass, a product's gradient is summed over the broadcast axes.
            assertThat(narrowOps(graph, node -> true))
                    .containsExactlyInAnyOrder(
                            "BatchMatMulV2",
                            "Conv2D",
                            "Cast",
                            "BatchMatMulV3",
                            "Conv2DBackpropInput",
                            "Conv2DBackpropFilter",
                            "Sum",
                            "Reshape",
                            "Shape");
            assertThat(narrowOps(graph, node -> node.getName().startsWith("evaluation/")))
                    .isEmpty();
        }
        try (TrainingGraph graph = graph(Precision.SINGLE)) {
            assertThat(narrowOps(graph, node -> true)).isEmpty();
        }
    }

    /** Tests that compute bfloat16 products cannot run where TensorFlow has none. */
    private static void requireBfloat16() {
        assumeTrue(ProcessorLimit.objectionToBfloat16(System.getenv()).isEmpty());
    }

    @Test
    void convolutionsOfOddChannelsHaveAChannelOfZerosMore() {
        requireBfloat16();
        Random random = new Random(3);
        for (int in = 1; in <= 5; in++) {
            for (int out = 1; out <= 4; out++) {
                float[] x = normal(random, 2 * 6 * 7 * in);
                float[] kernel = normal(random, 9 * in * out);
                float[][] expected = convolution(Precision.ROUNDED, x, kernel, in, out);
                float[][] actual = convolution(Precision.MIXED, x, kernel, in, out);
                for (int i = 0; i < expected.length; i++) {
                    // A sum in another order may round the result to the adjacent bfloat16.
                    assertThat(Closeness.between(actual[i], expected[i]).relative())
                            .as(
                                    "%s of %d to %d channels",
                                    List.of("result", "gradient by x", "gradient by the kernel")
                                            .get(i),
                                    in,
                                    out)
                            .isLessThan(ROUNDING);
                }
            }
        }
    }

    /** A convolution, and the gradients of the sum of its squares. */
    private static float[][] convolution(Precision precision, float[] x, float[] kernel, int in, int out) {
        try (Graph graph = new Graph();
                TFloat32 xs = tensor(x, 2, 6, 7, in);
                TFloat32 kernels = tensor(kernel, 3, 3, in, out)) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> image = tf.placeholder(TFloat32.class, Placeholder.shape(xs.shape()));
            Placeholder<TFloat32> weights = tf.placeholder(TFloat32.class, Placeholder.shape(kernels.shape()));
            Operand<TFloat32> result = Convolution.of(tf, precision, image, weights);
            Operand<TFloat32> loss = tf.sum(tf.math.square(result), tf.constant(new int[] {0, 1, 2, 3}));
            List<Operand<TFloat32>> gradients = Gradients.of(graph, loss, List.of(image, weights));
            try (Session session = new Session(graph);
                    Result results = session.runner()
                            .feed(image, xs)
                            .feed(weights, kernels)
                            .fetch(result)
                            .fetch(gradients.get(0))
                            .fetch(gradients.get(1))
                            .run()) {
                return IntStream.range(0, 3)
                        .mapToObj(i -> floats((TFloat32) results.get(i)))
                        .toArray(float[][]::new);
            } finally {
                Gradients.forget(graph);
            }
        }
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static TFloat32 tensor(float[] values, long... shape) {
        return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(values));
    }

    private static float[] floats(TFloat32 tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        tensor.copyTo(DataBuffers.of(values, false, false));
        return values;
    }

    @Test
    void theProofPassesOnThisMachine() throws IOException {
        requireBfloat16();
        try (TrainingSession mixed = session(Precision.MIXED)) {
            ArithmeticProof proof = ArithmeticProof.of(mixed, TrainingSessionTest.batch());
            assertThat(proof.distance()).isPositive().isCloseTo(proof.rounding(), within(0.2 * proof.rounding()));
        }
    }

    @Test
    void theProofRefusesAWrongGradientOfAnyParameter() throws IOException {
        Batch batch = TrainingSessionTest.batch();
        try (TrainingSession single = session(Precision.SINGLE);
                TrainingSession rounded = session(Precision.ROUNDED)) {
            LossGradients singles = single.differentiate(batch.images(), batch.labels());
            LossGradients expected = rounded.differentiate(batch.images(), batch.labels());
            for (String path : List.of("conv1/kernel", "cssm_0/kernel", "head/kernel")) {
                Map<String, float[]> wrong = new LinkedHashMap<>(expected.parameters());
                wrong.computeIfPresent(path, (name, gradient) -> new float[gradient.length]);
                LossGradients actual = new LossGradients(expected.loss(), expected.logits(), expected.input(), wrong);
                assertThatExceptionOfType(TrainingException.class)
                        .isThrownBy(
                                () -> ArithmeticProof.compare("mixed precision", actual, expected, singles, expected))
                        .withMessageContaining("wrong results on this machine: gradient by " + path);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"AVX2, true", "avx2, true", "SSE41, true", "AVX512_CORE, false", "AVX512_CORE_AMX, false", "ALL, false"
    })
    void aProcessorLimitWithoutBfloat16IsRefusedBecauseTensorFlowWouldEndTheProcess(String limit, boolean refused) {
        assertThat(ProcessorLimit.objectionToBfloat16(Map.of("ONEDNN_MAX_CPU_ISA", limit))
                        .isPresent())
                .isEqualTo(refused);
        assertThat(ProcessorLimit.objectionToBfloat16(Map.of("DNNL_MAX_CPU_ISA", limit))
                        .isPresent())
                .isEqualTo(refused);
    }

    @Test
    void underSuchALimitASessionIsRefused() {
        if (ProcessorLimit.objectionToBfloat16(System.getenv()).isPresent()) {
            assertThatExceptionOfType(DeviceException.class)
                    .isThrownBy(() -> session(Precision.MIXED))
                    .withMessageContaining("AVX");
        } else {
            session(Precision.MIXED).close();
        }
    }

    @Test
    void theLossMovesByRoundingAndTheEvaluationNotAtAll() throws IOException {
        requireBfloat16();
        Batch batch = TrainingSessionTest.batch();
        try (TrainingSession single = session(Precision.SINGLE);
                TrainingSession mixed = session(Precision.MIXED)) {
            LossGradients expected = single.differentiate(batch.images(), batch.labels());
            LossGradients rounded = mixed.differentiate(batch.images(), batch.labels());
            assertThat(rounded.loss()).isNotEqualTo(expected.loss());
            // Several layers of products round one after another, and the errors mostly average out.
            assertThat(rounded.loss()).isCloseTo(expected.loss(), within(4 * ROUNDING * expected.loss()));
            assertThat(mixed.logits(batch.images())).isEqualTo(single.logits(batch.images()));
        }
    }

    @Test
    void learnsWithWeightsInSinglePrecision() throws IOException {
        requireBfloat16();
        Batch batch = TrainingSessionTest.batch();
        try (TrainingSession single = session(Precision.SINGLE);
                TrainingSession mixed = session(Precision.MIXED)) {
            double first = mixed.step(batch.images(), batch.labels()).loss();
            double last = first;
            double expected = single.step(batch.images(), batch.labels()).loss();
            for (int i = 0; i < 30; i++) {
                last = mixed.step(batch.images(), batch.labels()).loss();
                expected = single.step(batch.images(), batch.labels()).loss();
            }
            // Label smoothing leaves 0.199 of the loss at best.
            assertThat(last).isLessThan(first / 2).isCloseTo(expected, within(0.01));

            SessionState state = mixed.state();
            assertThat(state.arrays().values()).allMatch(array -> array.type() == ElementType.FLOAT32);
            float[] kernel = state.arrays().get("params/conv2/kernel").toFloats();
            long exactInBfloat16 = countOf(kernel, value -> (Float.floatToRawIntBits(value) & 0xffff) == 0);
            assertThat(exactInBfloat16).as("of %d numbers", kernel.length).isLessThan(kernel.length / 100);
        }
    }

    private static long countOf(float[] values, Predicate<Float> condition) {
        long count = 0;
        for (float value : values) {
            count += condition.test(value) ? 1 : 0;
        }
        return count;
    }

    private static TrainingSession session(Precision precision) {
        return TinyRun.session(TinyRun.initial(), precision);
    }

    private static TrainingGraph graph(Precision precision) {
        return new TrainingGraph(TinyRun.initial(), TinyRun.MODEL, Plan.FUSED, precision, TinyRun.OPTIMIZER);
    }

    private static Set<String> narrowOps(TrainingGraph graph, Predicate<NodeDef> where) {
        Set<String> ops = new TreeSet<>();
        graph.graph().toGraphDef().getNodeList().stream()
                .filter(where)
                .filter(node -> node.getAttrMap().values().stream()
                        .anyMatch(attribute ->
                                attribute.getType() == DataType.DT_BFLOAT16 || attribute.getType() == DataType.DT_HALF))
                .forEach(node -> ops.add(node.getOp()));
        return ops;
    }
}
