package io.portolan.graphs.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.attribution.IntegratedGradients.Rule;
import io.portolan.graphs.cells.GateRange;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties that follow from the definitions, for every cell and form of input. */
class ModelExplainerTest {
    /** The rounding of float32 values and of sums of a few thousand of them. */
    private static final Percentage ROUNDING = Percentage.withPercentage(1e-3);

    @ParameterizedTest
    @ValueSource(strings = {"transformer_odd_28", "hgru_bi_depth2_28", "gated_32", "gated_video_28"})
    void everyCellCanBeObserved(String name) {
        GoldenCase golden = GoldenCase.named(name);
        try (ModelExplainer explainer = explainer(golden)) {
            float[] sample = sample(golden);
            TemporalGradients temporal = explainer.temporalGradients(sample, 0);
            assertThat(temporal.maps()).hasSize(GoldenModel.config(golden).frames());
            assertThat(temporal.perFrame()[0]).isPositive();
            for (String cell : explainer.modules()) {
                CellObservation observed = explainer.observe(cell, sample);
                assertThat(observed.gates().keySet())
                        .isEqualTo(explainer.notation().gates().keySet());
                observed.gates()
                        .forEach((gate, steps) -> steps.forEach(plane -> {
                            GateRange range =
                                    explainer.gateSummary(cell).get(gate).range();
                            for (float value : plane.values()) {
                                assertThat((double) value).as(gate).isBetween(range.low(), range.high());
                            }
                        }));
                assertThat(observed.states().keySet())
                        .containsExactlyElementsOf(explainer.notation().states());
                observed.states()
                        .values()
                        .forEach(steps -> assertThat(steps)
                                .hasSize(temporal.maps().size())
                                .allSatisfy(plane ->
                                        assertThat(plane.largest()).isPositive().isFinite()));
                assertThat(explainer.kernels(cell))
                        .hasSameSizeAs(explainer.notation().kernels().entrySet());
                explainer.kernels(cell).forEach(kernel -> {
                    assertThat(kernel.squashed().largest()).isLessThan(0.999);
                    for (int i = 0; i < kernel.magnitude().values().length; i++) {
                        assertThat(kernel.squashed().values()[i])
                                .isLessThan(kernel.magnitude().values()[i]);
                    }
                    assertThat(kernel.footprints().get(8).largest())
                            .isLessThan(kernel.footprints().get(1).largest());
                });
                assertThat(explainer.gateSummary(cell).keySet())
                        .isEqualTo(observed.gates().keySet());
            }
        }
    }

    /** Of each cell, and of each other architecture, one. */
    static Stream<GoldenCase> ofEveryKind() {
        Set<Object> kinds = new HashSet<>();
        return Stream.of(GoldenCase.small(), GoldenCase.family(), GoldenCase.baselines())
                .flatMap(List::stream)
                .filter(golden -> kinds.add(kind(GoldenModel.resolved(golden))));
    }

    private static Object kind(ModelConfig config) {
        return config instanceof SimpleCssmConfig simple ? simple.cell() : config.architecture();
    }

    /** What a model does not have is empty, and it is said why. */
    @Tag("slow")
    @ParameterizedTest
    @MethodSource("ofEveryKind")
    void everyKindOfModelCanBeExplained(GoldenCase golden) {
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), GoldenModel.resolved(golden))) {
            float[] sample = sample(golden);
            assertThat(explainer.logits(sample)).hasSize(2);
            assertThat(Plane.sum(explainer.temporalGradients(sample, 1).maps()).sum())
                    .isPositive();
            assertThat(explainer.mechanismGradients(sample, 1).mechanisms()).isNotEmpty();
            assertThat(explainer
                            .integratedGradients(
                                    sample, 1, new IntegratedGradients.Path(2, Baseline.BLACK, Rule.MIDPOINTS))
                            .values())
                    .hasSameSizeAs(sample);
            boolean hasStates = false;
            for (String module : explainer.modules()) {
                CellObservation observed = explainer.observe(module, sample);
                Optional<StepTerms> terms = explainer.stepTerms(module, sample, 1);
                hasStates |= !observed.states().isEmpty();
                assertThat(terms.map(StepTerms::states).orElse(List.of()).isEmpty())
                        .isEqualTo(observed.states().isEmpty());
                explainer
                        .receptiveField(module, sample)
                        .ifPresent(field -> assertThat(field.extents()[0]).isPositive());
                explainer.attention(module, sample).forEach(ModelExplainerTest::assertSharesSumUp);
                assertThat(explainer.kernels(module))
                        .hasSameSizeAs(explainer.notation().kernels().entrySet());
            }
            assertThat(String.join(" ", explainer.absences()).contains("states by step"))
                    .isEqualTo(!hasStates);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vit_32", "vit_video_24"})
    void whatIsAttendedToSumsUpToOne(String name) {
        GoldenCase golden = GoldenCase.named("baselines/" + name);
        try (ModelExplainer explainer = explainer(golden)) {
            float[] sample = sample(golden);
            assertThat(explainer.modules()).contains("block0", "block2").hasSize(name.equals("vit_32") ? 3 : 4);
            explainer
                    .modules()
                    .forEach(module ->
                            explainer.attention(module, sample).forEach(ModelExplainerTest::assertSharesSumUp));
            List<Plane> rollout = explainer.rollout(sample);
            assertThat(rollout).hasSize(name.equals("vit_32") ? 1 : 3);
            assertThat(Plane.sum(rollout).sum()).isCloseTo(1, within(1e-6));
            assertThat(rollout).allMatch(plane -> plane.mean() > 0);
            assertThat(explainer.absences().get(0)).contains("no recurrence");
        }
    }

    private static void assertSharesSumUp(AttentionMaps layer) {
        assertThat(layer.weights().length)
                .isEqualTo((int) Arrays.stream(layer.shape()).reduce(1, Math::multiplyExact));
        for (int row = 0; row < layer.weights().length / layer.keys(); row++) {
            double sum = 0;
            for (int key = 0; key < layer.keys(); key++) {
                sum += layer.weights()[row * layer.keys() + key];
            }
            assertThat(sum).isCloseTo(1, within(1e-6));
        }
        int rows = layer.among() == AttentionMaps.Among.PLACES ? 1 : layer.queries();
        layer.received()
                .forEach(frames ->
                        frames.forEach(plane -> assertThat(plane.sum()).isCloseTo(rows, within(1e-5))));
        assertThat(layer.heads()).isGreaterThan(1);
    }

    /** With one state, M is a single number, the product of a kernel and a gate, and its magnitude is its radius. */
    @Test
    void theTransitionOfASingleStateIsKernelTimesDamping() {
        GoldenCase golden = GoldenCase.named("gated_32");
        try (ModelExplainer explainer = explainer(golden)) {
            Transition transition =
                    explainer.transition("cssm_0", sample(golden)).orElseThrow();
            List<Plane> delta =
                    explainer.observe("cssm_0", sample(golden)).gates().get("delta_gate");
            Plane squashed = explainer.kernels("cssm_0").get(0).squashed();
            for (int i = 0; i < squashed.values().length; i++) {
                int at = i;
                double damping = delta.stream()
                        .mapToDouble(step -> Math.exp(-step.values()[at]))
                        .average()
                        .orElseThrow();
                assertThat((double) transition.radius().values()[i])
                        .isCloseTo(squashed.values()[i] * damping, ROUNDING);
            }
            assertThat(transition.magnitudes().get(0).get(0))
                    .isCloseTo(transition.radius().mean(), ROUNDING);
        }
    }

    @Test
    void theTransitionHoldsTheGates() {
        GoldenCase golden = GoldenCase.named("transformer_odd_28");
        try (ModelExplainer explainer = explainer(golden)) {
            Transition transition =
                    explainer.transition("cssm_0", sample(golden)).orElseThrow();
            CellObservation observed = explainer.observe("cssm_0", sample(golden));
            assertThat(transition.magnitudes().get(1).get(1)).isCloseTo(mean(observed, "decay_K"), ROUNDING);
            assertThat(transition.magnitudes().get(2).get(0)).isCloseTo(mean(observed, "gamma"), ROUNDING);
            // A zero of the matrix has the magnitude of the root of the smallest normal number.
            assertThat(transition.magnitudes().get(1).get(2)).isCloseTo(0, within(1e-18));
            assertThat(transition.largestRadius().largest())
                    .isGreaterThan(transition.radius().largest());
        }
    }

    @Test
    void theReceptiveFieldGrowsFromTheMiddle() {
        GoldenCase golden = GoldenCase.named("transformer_32");
        try (ModelExplainer explainer = explainer(golden)) {
            ReceptiveField field =
                    explainer.receptiveField("cssm_0", sample(golden)).orElseThrow();
            Plane first = field.maps().get(0);
            int nearest = IntStream.range(0, first.values().length)
                    .reduce(0, (best, i) -> first.values()[i] > first.values()[best] ? i : best);
            // The middle of an 8x8 map is row 4 and column 4; its receptive field after two rounds of 3x3 and 2x2 is
            // pixels 13 to 22.
            assertThat(nearest / 32).isBetween(13, 22);
            assertThat(nearest % 32).isBetween(13, 22);
            assertThat(field.extents()[field.extents().length - 1]).isGreaterThan(1.5 * field.extents()[0]);
        }
    }

    @Test
    void integratedGradientsAddUpToWhatWasGained() {
        GoldenCase golden = GoldenCase.named("gated_32");
        try (ModelExplainer explainer = explainer(golden)) {
            float[] sample = sample(golden);
            IntegratedGradients coarse = explainer.integratedGradients(
                    sample, 1, new IntegratedGradients.Path(20, Baseline.ZERO, Rule.ENDS));
            IntegratedGradients fine = explainer.integratedGradients(
                    sample, 1, new IntegratedGradients.Path(320, Baseline.ZERO, Rule.ENDS));
            assertThat(coarse.gained()).isCloseTo(fine.gained(), within(1e-6));
            assertThat(fine.completenessError()).isLessThan(coarse.completenessError() / 4);

            IntStream.range(0, sample.length).forEach(i -> sample[i] = Baseline.BLACK.at(i, 3));
            IntegratedGradients nothing = explainer.integratedGradients(
                    sample, 1, new IntegratedGradients.Path(2, Baseline.BLACK, Rule.ENDS));
            assertThat(nothing.total()).isZero();
            assertThat(nothing.gained()).isZero();
        }
        assertThatThrownBy(() -> new IntegratedGradients.Path(1, Baseline.ZERO, Rule.ENDS))
                .hasMessageContaining("two points or more");
    }

    /** The baseline is not on the path, so its gradient, which is mostly rounding, does not affect the result. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"transformer_32", "gated_32"})
    void midpointsComeNearerToTheSumAndAreSteady(String name) {
        GoldenCase golden = GoldenCase.named(name);
        float[] sample = sample(golden);
        IntegratedGradients.Path ends = IntegratedGradients.Path.REFERENCE;
        IntegratedGradients.Path midpoints =
                new IntegratedGradients.Path(ends.points(), ends.baseline(), Rule.MIDPOINTS);
        try (ModelExplainer explainer = explainer(golden);
                ModelExplainer moved =
                        new ModelExplainer(withLastBitsChanged(golden.checkpoint()), GoldenModel.config(golden))) {
            IntegratedGradients integrated = explainer.integratedGradients(sample, 1, midpoints);
            assertThat(integrated.completenessError())
                    .isLessThan(explainer.integratedGradients(sample, 1, ends).completenessError());
            // Seen: at most 1.1e-5 on these.
            assertThat(Closeness.between(
                                    moved.integratedGradients(sample, 1, midpoints)
                                            .values(),
                                    integrated.values())
                            .relative())
                    .isLessThan(1e-3);
        }
    }

    private static Checkpoint withLastBitsChanged(Checkpoint checkpoint) {
        Random random = new Random(9);
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        checkpoint.parameters().arrays().forEach((path, array) -> {
            float[] values = array.toFloats().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextBoolean() ? Math.nextUp(values[i]) : Math.nextDown(values[i]);
            }
            arrays.put(path, ArrayData.ofFloats(array.shape(), values));
        });
        return new Checkpoint(
                ParameterTree.of(arrays),
                checkpoint.batchStatistics(),
                checkpoint.epoch(),
                checkpoint.step(),
                checkpoint.metadata());
    }

    /** After the first step all three states are the input; then Y and Z are multiples of it, by its equations. */
    @Test
    void theApproximationFollowsItsEquations() {
        GoldenCase golden = GoldenCase.named("hgru_bi_depth2_28");
        try (ModelExplainer explainer = explainer(golden)) {
            BilinearApproximation.Run run = explainer.simplified("cssm_0", sample(golden));
            double first = run.states().get("X").get(0).sum();
            assertThat(run.states().get("Y").get(0).sum()).isCloseTo(first, ROUNDING);
            assertThat(run.states().get("Z").get(0).sum()).isCloseTo(first, ROUNDING);
            double y = run.gates().get("decay_y")
                    + run.gates().get("mu_excit")
                    - run.gates().get("mu_inhib")
                    + 1;
            assertThat(run.states().get("Y").get(1).sum()).isCloseTo(y * first, ROUNDING);
            assertThat(run.states().get("Z").get(1).sum())
                    .isCloseTo((run.gates().get("decay_z") + 1) * first, ROUNDING);
            assertThat(run.gates().get("gamma")).isBetween(-0.5, 0.5);
        }
        try (ModelExplainer other = explainer(GoldenCase.named("gated_32"))) {
            assertThatThrownBy(() -> other.simplified("cssm_0", new float[0])).hasMessageContaining("only of hgru_bi");
        }
    }

    private static double mean(CellObservation observed, String gate) {
        return Plane.mean(observed.gates().get(gate)).mean();
    }

    private static ModelExplainer explainer(GoldenCase golden) {
        return new ModelExplainer(golden.checkpoint(), GoldenModel.config(golden));
    }

    private static float[] sample(GoldenCase golden) {
        float[] all = golden.tensor("input").toFloats();
        return Arrays.copyOf(
                all, all.length / Math.toIntExact(golden.tensor("input").shape()[0]));
    }
}
