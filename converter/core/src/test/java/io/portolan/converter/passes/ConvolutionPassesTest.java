package io.portolan.converter.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.verify.TensorRuns;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The passes around convolutions: the graph before and after, with the same results in ONNX Runtime. */
class ConvolutionPassesTest {
    private static final Attributes SAME =
            Attributes.of("kernel_shape", List.of(3L, 3L)).with("pads", List.of(1L, 1L, 1L, 1L));
    private static final Attributes HALVING =
            Attributes.of("kernel_shape", List.of(2L, 2L)).with("strides", List.of(2L, 2L));

    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);

    /** Channels last, as in TensorFlow. */
    private Value image(long height, long width) {
        return graph.addInput(
                "x",
                new TensorType(
                        OnnxType.FLOAT, TensorShape.of(Dim.symbol("batch"), Dim.of(height), Dim.of(width), Dim.of(3))));
    }

    private Value constant(double first, long... shape) {
        double[] elements = new double[(int) TensorShape.of(shape).elements().coefficient()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = first + Math.sin(i) / 4;
        }
        return b.constant(TensorData.ofDoubles(OnnxType.FLOAT, elements, shape));
    }

    private Value channelsFirst(Value x) {
        return b.transpose(x, 0, 3, 1, 2);
    }

    private Value channelsLast(Value x) {
        return b.transpose(x, 0, 2, 3, 1);
    }

    private Value conv(Value x, long outputs) {
        return channelsLast(b.apply(StandardOp.CONV, SAME, channelsFirst(x), constant(0, outputs, 3, 3, 3)));
    }

    private Value halved(Value x) {
        return channelsLast(b.apply(StandardOp.MAX_POOL, HALVING, channelsFirst(x)));
    }

    private Value normalised(Value x) {
        Value centred = b.sub(x, b.reduce(StandardOp.REDUCE_MEAN, x, true, -1));
        Value variance = b.reduce(StandardOp.REDUCE_MEAN, b.mul(centred, centred), true, -1);
        return b.div(centred, b.apply(StandardOp.SQRT, b.add(variance, b.like(variance, 1e-6))));
    }

    private List<String> ops() {
        return graph.nodes().stream().map(node -> node.op().opName()).toList();
    }

    private void bind(Value y) {
        graph.bindOutput("y", y);
    }

    @Nested
    class Transposes {
        @Test
        void sinkThroughWhatStandsBetweenConvolutions() throws Exception {
            Value active = normalised(b.add(conv(image(6, 4), 3), constant(0, 3)));
            bind(conv(active, 2));
            assertThat(ops()).filteredOn("Transpose"::equals).hasSize(4);

            SameResults.afterwards(graph, 2e-6, List.of(new SinkTransposes(), new DeadCode()));

            assertThat(ops())
                    .containsExactly(
                            "Transpose",
                            "Conv",
                            "Transpose",
                            "Add",
                            "ReduceMean",
                            "Sub",
                            "Mul",
                            "ReduceMean",
                            "Add",
                            "Sqrt",
                            "Div",
                            "Conv",
                            "Transpose");
            assertThat(graph.nodes().get(2).input(0).isConstant()).isTrue();
        }

        @Test
        void inARowBecomeOneAndRoundTripsNone() throws Exception {
            Value x = image(6, 4);
            bind(b.neg(channelsLast(channelsFirst(x))));
            graph.bindOutput("z", channelsFirst(channelsFirst(x)));

            SameResults.afterwards(graph, 0, List.of(new SinkTransposes(), new DeadCode()));

            assertThat(ops()).containsExactly("Neg", "Transpose");
            assertThat(graph.nodes().get(1).attributes()).isEqualTo(Attributes.of("perm", List.of(0L, 2L, 3L, 1L)));
        }

        @Test
        void loseTheAxesThatAReductionLoses() throws Exception {
            Value first = channelsFirst(image(6, 4));
            bind(b.reduce(StandardOp.REDUCE_MAX, first, false, 2));

            SameResults.afterwards(graph, 0, List.of(new SinkTransposes(), new DeadCode()));

            assertThat(ops()).containsExactly("ReduceMax", "Transpose");
            assertThat(graph.nodes().get(1).attributes()).isEqualTo(Attributes.of("perm", List.of(0L, 2L, 1L)));
        }

        @Test
        void sinkThroughPadsAndConcatenations() throws Exception {
            Value first = channelsFirst(image(4, 6));
            Value padded = b.pad(first, List.of(0L, 1L, 0L, 2L, 0L, 0L, 3L, 0L), b.like(first, 7));
            bind(b.concat(2, padded, b.neg(padded)));

            SameResults.afterwards(graph, 0, List.of(new SinkTransposes(), new DeadCode()));

            assertThat(ops()).containsExactly("Pad", "Neg", "Concat", "Transpose");
        }

        @Test
        void stayWhereOperandsDisagree() {
            Value x = image(4, 4);
            bind(b.add(channelsFirst(x), b.transpose(x, 0, 3, 2, 1)));

            new SinkTransposes().apply(graph);

            assertThat(ops()).containsExactly("Transpose", "Transpose", "Add");
        }
    }

    @Nested
    class Biases {
        @Test
        void joinTheConvolution() throws Exception {
            Value x = channelsFirst(image(4, 4));
            bind(b.add(constant(1, 5, 1, 1), b.apply(StandardOp.CONV, SAME, x, constant(0, 5, 3, 3, 3))));

            SameResults.afterwards(graph, 5e-6, List.of(new BiasIntoConv(), new DeadCode()));

            assertThat(ops()).containsExactly("Transpose", "Conv");
            assertThat(graph.nodes().get(1).input(2).shape()).isEqualTo(TensorShape.of(5));
        }

        @Test
        void thatDifferFromPlaceToPlaceStay() {
            Value x = channelsFirst(image(4, 5));
            bind(b.add(b.apply(StandardOp.CONV, SAME, x, constant(0, 5, 3, 3, 3)), constant(1, 5)));

            new BiasIntoConv().apply(graph);

            assertThat(ops()).endsWith("Conv", "Add");
        }
    }

    @Nested
    class Pools {
        @Test
        void comeBeforeScaleAndShiftToTheSameBit() throws Exception {
            Value x = channelsFirst(image(6, 4));
            bind(b.apply(StandardOp.MAX_POOL, HALVING, b.add(b.mul(x, constant(1, 3, 1, 1)), constant(-2, 3, 1, 1))));

            SameResults.afterwards(graph, 0, List.of(new PoolBeforeAffine(), new DeadCode()));

            assertThat(ops()).containsExactly("Transpose", "MaxPool", "Mul", "Add");
        }

        @Test
        void stayBehindScalesThatTurnTheOrderRound() {
            Value x = channelsFirst(image(6, 4));
            bind(b.apply(StandardOp.MAX_POOL, HALVING, b.mul(x, constant(0, 3, 1, 1))));

            new PoolBeforeAffine().apply(graph);

            assertThat(ops()).containsExactly("Transpose", "Mul", "MaxPool");
        }

        @Test
        void seeTheZerosAroundNegativeNumbersInAnOptimisedSessionToo() throws Exception {
            Value x = b.neg(b.apply(StandardOp.ABS, channelsFirst(image(6, 4))));
            Value padded = b.pad(x, List.of(0L, 0L, 1L, 1L, 0L, 0L, 1L, 1L), b.like(x, 0));
            bind(b.apply(StandardOp.MAX_POOL, HALVING, padded));
            graph.bindOutput("z", b.apply(StandardOp.MAX_POOL, SAME, padded));

            SameResults.afterwards(graph, 0, List.of(new PaddedMaximum(), new DeadCode()));

            assertThat(ops()).containsExactly("Transpose", "Abs", "Neg", "Pad", "MaxPool", "Pad", "MaxPool");
            TensorData ones = TensorData.ofDoubles(
                    OnnxType.FLOAT, DoubleStream.generate(() -> 1).limit(72).toArray(), 1, 6, 4, 3);
            List<TensorData> results =
                    TensorRuns.onnx(OnnxWriter.write(graph, Map.of()).toByteArray(), Map.of("x", ones));
            assertThat(results.get(0).doubleAt(0)).isZero();
            assertThat(results.get(1).doubleAt(0)).isZero();
        }

        @Test
        void areTheMaximumOfFourPhases() throws Exception {
            bind(halved(normalised(conv(image(6, 8), 4))));

            // The kernels of ONNX Runtime may add up the 27 products of a convolution in another order.
            SameResults.afterwards(
                    graph, 5e-6, List.of(new SinkTransposes(), new DeadCode(), new PoolByPhases(), new DeadCode()));

            assertThat(ops()).filteredOn("Conv"::equals).hasSize(4);
            assertThat(ops()).filteredOn("Max"::equals).hasSize(3);
            assertThat(ops()).doesNotContain("MaxPool");
        }

        @Test
        void stayWholeWhenSomethingElseSeesTheMap() {
            Value map = b.apply(StandardOp.CONV, SAME, channelsFirst(image(6, 8)), constant(0, 4, 3, 3, 3));
            bind(b.apply(StandardOp.MAX_POOL, HALVING, b.neg(map)));
            graph.bindOutput("map", map);

            new PoolByPhases().apply(graph);

            assertThat(ops()).containsExactly("Transpose", "Conv", "Neg", "MaxPool");
        }

        @Test
        void stayWholeOnMapsOfOddSize() {
            Value map = b.apply(StandardOp.CONV, SAME, channelsFirst(image(7, 8)), constant(0, 4, 3, 3, 3));
            bind(b.apply(StandardOp.MAX_POOL, HALVING, b.neg(map)));

            new PoolByPhases().apply(graph);

            assertThat(ops()).containsExactly("Transpose", "Conv", "Neg", "MaxPool");
        }
    }

    /** Chains of nodes that are too long for recursion. */
    @Nested
    class LongChains {
        private static final int LENGTH = 20_000;

        @Test
        void moveBehindTheMaximum() {
            Value map = channelsFirst(image(6, 8));
            Value shift = constant(1, 3, 1, 1);
            for (int i = 0; i < LENGTH; i++) {
                map = b.add(map, shift);
            }
            bind(b.apply(StandardOp.MAX_POOL, HALVING, map));

            new PoolBeforeAffine().apply(graph);
            new DeadCode().apply(graph);

            assertThat(ops()).hasSize(LENGTH + 2).startsWith("Transpose", "MaxPool", "Add");
        }

        @Test
        void areComputedForEachPhase() {
            Value map = b.apply(StandardOp.CONV, SAME, channelsFirst(image(6, 8)), constant(0, 4, 3, 3, 3));
            for (int i = 0; i < LENGTH; i++) {
                map = b.neg(map);
            }
            bind(b.apply(StandardOp.MAX_POOL, HALVING, map));

            new PoolByPhases().apply(graph);
            new DeadCode().apply(graph);

            assertThat(ops()).filteredOn("Conv"::equals).hasSize(4);
            assertThat(ops()).filteredOn("Neg"::equals).hasSize(4 * LENGTH);
        }
    }
}
