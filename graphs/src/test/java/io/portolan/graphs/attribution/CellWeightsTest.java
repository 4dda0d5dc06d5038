package io.portolan.graphs.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.cells.CellTrace;
import io.portolan.graphs.cells.GateRange;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import io.portolan.graphs.layers.WeightsException;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.ops.Fft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.op.Ops;

/** The weights of cells without an image: the same as what the models compute with, and bounds of what they compute. */
class CellWeightsTest {
    /** The rounding of float32 transforms. */
    private static final double ROUNDING = 1e-6;

    @ParameterizedTest
    @CsvSource({"transformer_odd_28, kernel", "hgru_bi_depth2_28, k_inh", "gated_32, kernel", "transformer_32, kernel"})
    void kernelsAreThoseOfTheGraph(String name, String kernel) {
        GoldenCase golden = GoldenCase.named(name);
        SimpleCssmConfig config = (SimpleCssmConfig) GoldenModel.config(golden);
        SpatialKernel weights = CellWeights.of(golden.checkpoint(), config).get(0).kernels().stream()
                .filter(one -> one.name().equals(kernel))
                .findFirst()
                .orElseThrow();
        try (ModelGraph model = ModelGraph.build(golden.checkpoint(), config, Plan.FUSED)) {
            Ops tf = model.scope().tf();
            CellTrace trace = new CellTrace(tf, model.outputs(), "cssm_0");
            var squashed = trace.squashedKernel(kernel);
            var twice = new Fft(tf, config.mapHeight(), config.mapWidth()).irfft2(squashed.times(squashed));
            List<float[]> values = model.run(
                    new float[0],
                    Map.of(),
                    List.of(
                            tf.math.mean(trace.kernel(kernel).magnitude(), tf.constant(0)),
                            tf.math.mean(squashed.magnitude(), tf.constant(0)),
                            tf.max(squashed.magnitude(), tf.constant(new int[] {0, 1, 2})),
                            tf.math.mean(tf.math.abs(twice), tf.constant(0))));
            assertSame(weights.magnitude(), values.get(0));
            assertSame(weights.squashed(), values.get(1));
            assertThat(weights.largestApplied()).isCloseTo(values.get(2)[0], within(ROUNDING));
            assertSame(weights.footprints().get(2), values.get(3));
        }
    }

    private static void assertSame(Plane plane, float[] expected) {
        assertThat(Closeness.between(plane.values(), expected).relative()).isLessThan(ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"transformer_odd_28", "hgru_bi_depth2_28", "gated_32"})
    void theMatrixOfAnImageIsWithinTheBounds(String name) {
        GoldenCase golden = GoldenCase.named(name);
        ModelConfig config = GoldenModel.config(golden);
        float[] images = golden.tensor("input").toFloats();
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), config)) {
            for (CellWeights cell : CellWeights.of(golden.checkpoint(), config)) {
                Transition observed = explainer.transition(cell.path(), images).orElseThrow();
                for (int row = 0; row < cell.transition().size(); row++) {
                    for (int column = 0; column < cell.transition().size(); column++) {
                        TransitionEntry entry = cell.transition().get(row).get(column);
                        TransitionEntry.Bounds bounds = entry.bounds().orElseThrow();
                        assertThat(observed.magnitudes().get(row).get(column))
                                .as(entry.symbols())
                                .isBetween(bounds.low() - ROUNDING, bounds.high() + ROUNDING);
                        assertThat(bounds.value()).isBetween(bounds.low(), bounds.high());
                    }
                }
            }
        }
    }

    @Test
    void gatesHaveTheNotebooksRecipeAndTheirOwnRange() {
        GoldenCase golden = GoldenCase.named("transformer_32");
        CellWeights cell =
                CellWeights.of(golden.checkpoint(), GoldenModel.config(golden)).get(0);
        GateSummary decay = cell.gates().get("decay_Q");
        assertThat(decay.range()).isEqualTo(GateRange.DECAY);
        assertThat(decay.value()).isCloseTo(0.1 + 0.89 * decay.recipe(), within(1e-12));
        GateSummary coupling = cell.gates().get("alpha");
        assertThat(coupling.value()).isEqualTo(coupling.recipe());
        assertThat(GateRange.STEP.of(-800)).isZero();
        assertThat(GateRange.STEP.of(800)).isEqualTo(800);
    }

    @Test
    void rolesAreReadFromTheEquations() {
        GoldenCase golden = GoldenCase.named("hgru_bi_depth2_28");
        Map<String, String> roles = CellWeights.of(golden.checkpoint(), GoldenModel.config(golden))
                .get(1)
                .notation()
                .roles();
        assertThat(roles)
                .containsEntry("mu_inhib_gate", "takes Y from X through K̂_I")
                .containsEntry("decay_z_gate", "keeps Z")
                .containsEntry("delta_gate", "adds Y to Z")
                .containsEntry("k_exc", "adds X to Y through K̂_E, adds Z to Y through K̂_E")
                .containsEntry("D_gate", "lets the input into Y")
                .containsEntry("C_gate", "lets the states out");
    }

    @Test
    void whatIsNoKernelIsRefused() {
        GoldenCase golden = GoldenCase.named("transformer_32");
        Map<String, ArrayData> arrays =
                new LinkedHashMap<>(golden.checkpoint().parameters().arrays());
        arrays.put("cssm_0/kernel", ArrayData.ofFloats(new long[] {2}, 1, 2));
        Checkpoint broken = new Checkpoint(
                ParameterTree.of(arrays),
                ParameterTree.empty(),
                golden.checkpoint().epoch(),
                golden.checkpoint().step(),
                Map.of());
        CellWeights cell = CellWeights.of(broken, GoldenModel.config(golden)).get(0);
        assertThatThrownBy(cell::kernels)
                .isInstanceOf(WeightsException.class)
                .hasMessageContaining("cssm_0/kernel")
                .hasMessageContaining("expected");
    }
}
