package io.portolan.converter.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.passes.fourier.LowerFourierToMatMul;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each pass on the smallest graph that shows its effect. */
class PassesTest {
    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Value x = graph.addInput(
            "x", new TensorType(OnnxType.FLOAT, TensorShape.of(Dim.symbol("batch"), Dim.of(4), Dim.of(6))));

    private List<String> ops() {
        return graph.nodes().stream().map(node -> node.op().opName()).toList();
    }

    private Value constant(double... elements) {
        return b.constant(TensorData.ofDoubles(OnnxType.FLOAT, elements, elements.length));
    }

    @Nested
    class Folding {
        @Test
        void arithmeticOnConstantsIsDoneAsFloatsDoIt() {
            Value third = b.div(constant(1), constant(3));
            graph.bindOutput("y", b.add(x, b.sub(b.mul(third, constant(1e8)), constant(0.1))));
            assertThat(ops()).containsExactly("Div", "Mul", "Sub", "Add");

            new ConstantFolding().apply(graph);

            assertThat(ops()).containsExactly("Add");
            float expected = 1f / 3f * 1e8f - 0.1f;
            assertThat(graph.nodes().get(0).input(1).data().orElseThrow().doubleAt(0))
                    .isEqualTo(expected);
        }

        /** As the gates of a GRU have them, whose kernels are parts of one weight. */
        @ParameterizedTest
        @ValueSource(ints = {0, 1, -1})
        void partsOfAWeightBecomeWeights(int axis) {
            TensorData whole = TensorData.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 6);
            TensorData weights = axis == 0 ? whole.transposed(1, 0) : whole;
            List<Value> parts = b.split(b.constant(weights), axis, List.of(1L, 2L, 3L));
            for (Value part : parts) {
                graph.bindOutput("y" + parts.indexOf(part), b.neg(part));
            }
            assertThat(ops()).containsExactly("Split", "Neg", "Neg", "Neg");

            new ConstantFolding().apply(graph);

            assertThat(graph.nodes()).isEmpty();
            List<TensorData> expected = List.of(
                    TensorData.of(new float[] {-1, -7}, 2, 1),
                    TensorData.of(new float[] {-2, -3, -8, -9}, 2, 2),
                    TensorData.of(new float[] {-4, -5, -6, -10, -11, -12}, 2, 3));
            assertThat(graph.outputs().values().stream().map(y -> y.data().orElseThrow()))
                    .containsExactlyElementsOf(expected.stream()
                            .map(part -> axis == 0 ? part.transposed(1, 0) : part)
                            .toList());
        }

        @Test
        void layoutsOfWeightsBecomeTheWeights() {
            Value weights = b.constant(TensorData.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
            graph.bindOutput("y", b.matMul(x, b.reshape(b.transpose(weights, 1, 0), 6, 1)));
            assertThat(ops()).containsExactly("Transpose", "Reshape", "MatMul");

            new ConstantFolding().apply(graph);

            assertThat(ops()).containsExactly("MatMul");
            assertThat(graph.nodes().get(0).input(1).data())
                    .contains(TensorData.of(new float[] {1, 4, 2, 5, 3, 6}, 6, 1));
        }

        @Test
        void piecesOfConstantsAreTakenAndJoined() {
            Value v = constant(1, 2, 3, 4);
            Value reversed = b.slice(v, List.of(0L), List.of(new SliceRange(-1, SliceRange.TO_START, -2)));
            Value joined = b.cast(b.concat(0, reversed, v), OnnxType.DOUBLE);
            graph.bindOutput("y", joined);

            new ConstantFolding().apply(graph);

            assertThat(graph.outputs().get("y").data())
                    .contains(TensorData.ofDoubles(OnnxType.DOUBLE, new double[] {4, 2, 1, 2, 3, 4}, 6));
        }

        @Test
        void broadcastsThatWouldGrowTheFileStay() {
            graph.bindOutput("y", b.expand(constant(1), b.longs(1000, 1000)));

            new ConstantFolding().apply(graph);

            assertThat(ops()).containsExactly("Expand");
        }

        @Test
        void functionsThatLibrariesRoundDifferentlyStay() {
            graph.bindOutput("y", b.apply(StandardOp.EXP, constant(1)));

            new ConstantFolding().apply(graph);

            assertThat(ops()).containsExactly("Exp");
        }
    }

    @Test
    void commonSubexpressionsAreComputedOnceAndEqualConstantsStoredOnce() {
        Value left = b.mul(x, b.apply(StandardOp.EXP, b.add(x, constant(2))));
        Value right = b.mul(x, b.apply(StandardOp.EXP, b.add(x, constant(2))));
        graph.bindOutput("y", b.sub(left, right));
        graph.bindOutput("z", right);
        assertThat(ops()).containsExactly("Add", "Exp", "Mul", "Add", "Exp", "Mul", "Sub");
        assertThat(graph.constants()).hasSize(2);

        new CommonSubexpressions().apply(graph);

        assertThat(ops()).containsExactly("Add", "Exp", "Mul", "Sub");
        assertThat(graph.constants()).hasSize(1);
        assertThat(graph.outputs()).containsEntry("z", left);
    }

    @Test
    void reshapesInARowBecomeOneAndRoundTripsNone() {
        Value rows = b.reshape(x, -1, 6);
        graph.bindOutput("back", b.reshape(rows, -1, 4, 6));
        graph.bindOutput("merged", b.reshape(b.unsqueeze(rows, 0), -1, 8, 3));

        new MergeReshapes().apply(graph);
        new DeadCode().apply(graph);

        assertThat(graph.outputs()).containsEntry("back", x);
        assertThat(ops()).containsExactly("Reshape");
        assertThat(graph.nodes().get(0).input(0)).isSameAs(x);
    }

    @Test
    void codeThatNoOutputNeedsIsDropped() {
        Value used = b.neg(x);
        b.apply(StandardOp.EXP, b.apply(StandardOp.SIN, used));
        graph.bindOutput("y", used);
        assertThat(ops()).containsExactly("Neg", "Sin", "Exp");

        new DeadCode().apply(graph);

        assertThat(ops()).containsExactly("Neg");
    }

    @Test
    void transformsOfOneSizeShareTheirMatrices() {
        for (int i = 0; i < 3; i++) {
            List<Value> parts = b.node(FourierOp.RFFT2D, Attributes.NONE, b.mul(x, constant(i)));
            graph.bindOutput(
                    "y" + i, b.apply(FourierOp.IRFFT2D, Attributes.of(FourierOp.WIDTH, 6), parts.get(0), parts.get(1)));
        }
        assertThat(ops()).filteredOn("RFFT2D"::equals).hasSize(3);

        new LowerFourierToMatMul().apply(graph);

        assertThat(ops()).containsOnly("Mul", "MatMul", "Concat");
        assertThat(graph.constants())
                .extracting(Value::name)
                .filteredOn(name -> name.startsWith("dft/"))
                .containsExactly(
                        "dft/rfft_re_6",
                        "dft/rfft_im_6",
                        "dft/fft_re_4",
                        "dft/fft_im_4",
                        "dft/ifft_re_4",
                        "dft/ifft_im_4",
                        "dft/irfft_6");
        assertThat(graph.outputs().get("y2").type()).isEqualTo(x.type());
    }

    @Test
    void thePipelineTellsWhatEachPassDid() {
        graph.bindOutput("y", b.transpose(b.transpose(x, 0, 2, 1), 0, 2, 1));

        List<PassPipeline.Step> steps = PassPipeline.standard().run(graph);

        assertThat(steps).extracting(PassPipeline.Step::pass).contains("sink-transposes", "drop-dead-code");
        assertThat(steps.get(0).nodesBefore()).isEqualTo(2);
        assertThat(steps.get(steps.size() - 1).nodesAfter()).isZero();
        assertThat(steps).allSatisfy(step -> assertThat(step.duration()).isPositive());
    }

    @Test
    void aPassThatBreaksTheGraphIsNamed() {
        graph.bindOutput("y", b.neg(b.apply(StandardOp.EXP, x)));
        Pass broken = new Pass() {
            @Override
            public String name() {
                return "drop-too-much";
            }

            @Override
            public void apply(OnnxGraph whole) {
                GraphRewriter.retain(whole, node -> node.op() != StandardOp.EXP);
            }
        };
        assertThatThrownBy(() -> new PassPipeline(List.of(new DeadCode(), broken, new DeadCode())).run(graph))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("pass drop-too-much left a broken graph: node Neg uses Exp");
    }

    @Nested
    class FastForms {
        @Test
        void aMeanOverTheLastAxisIsAProduct() {
            graph.bindOutput("y", b.reduce(StandardOp.REDUCE_MEAN, x, true, -1));
            graph.bindOutput("z", b.reduce(StandardOp.REDUCE_MEAN, x, false, 2));

            new MeanAsMatMul().apply(graph);

            assertThat(ops()).containsExactly("MatMul", "MatMul", "Squeeze");
            assertThat(graph.nodes().get(0).input(1).data().orElseThrow().doubleAt(5))
                    .isEqualTo(1f / 6);
            assertThat(graph.outputs().get("y").shape().toString()).isEqualTo("(batch, 4, 1)");
            assertThat(graph.outputs().get("z").shape().toString()).isEqualTo("(batch, 4)");
        }

        @Test
        void aMeanOverChannelsInFrontIsAProductOverAllPlaces() throws Exception {
            graph.bindOutput("y", b.reduce(StandardOp.REDUCE_MEAN, x, true, 1));

            SameResults.afterwards(graph, 1e-6, List.of(new MeanAsMatMul()));

            assertThat(ops()).containsExactly("Reshape", "MatMul", "Reshape");
            assertThat(graph.outputs().get("y").shape().toString()).isEqualTo("(batch, 1, 6)");
        }

        @Test
        void aMeanOverOtherAxesStays() {
            graph.bindOutput("y", b.reduce(StandardOp.REDUCE_MEAN, x, true, 0));
            graph.bindOutput("z", b.reduce(StandardOp.REDUCE_MEAN, x, true, 1, 2));

            new MeanAsMatMul().apply(graph);

            assertThat(ops()).containsExactly("ReduceMean", "ReduceMean");
        }

        /** Results reach 10, where a unit in the last place is 1e-6. */
        @Test
        void softplusIsASeries() throws Exception {
            graph.bindOutput("y", b.apply(StandardOp.SOFTPLUS, x));

            SameResults.afterwards(graph, 1e-6, List.of(new SoftplusBySeries()));

            assertThat(ops()).doesNotContain("Softplus", "Log");
        }

        @ParameterizedTest
        @ValueSource(floats = {-100, -87.5f, -20, -3, -1e-3f, 0, 1e-3f, 0.5f, 3, 20, 87.5f, 100, 1e30f})
        void theSeriesHoldsEverywhere(float at) throws Exception {
            OnnxGraph scalar = new OnnxGraph("scalar");
            Value input = scalar.addInput("x", new TensorType(OnnxType.FLOAT, TensorShape.of(1)));
            scalar.bindOutput("y", new GraphBuilder(scalar).apply(StandardOp.SOFTPLUS, input));
            new SoftplusBySeries().apply(scalar);

            float[] y;
            try (OnnxModel model = OnnxModel.load(
                    "test", OnnxWriter.write(scalar, Map.of()).toByteArray(), RuntimeOptions.defaults())) {
                y = model.run(Map.of("x", Tensor.of(new float[] {at}, 1)))
                        .get("y")
                        .floats();
            }

            double exact = Math.max(at, 0) + Math.log1p(Math.exp(-Math.abs((double) at)));
            // Four roundings of the largest part; numbers below the smallest normal one count as zero.
            assertThat((double) y[0]).isCloseTo(exact, within(2.0 * Math.ulp((float) exact) + Float.MIN_NORMAL));
        }
    }
}
