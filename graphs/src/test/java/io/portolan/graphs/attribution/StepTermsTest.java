package io.portolan.graphs.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The terms of a step make the next state, and what they contribute to the logit adds up. */
class StepTermsTest {
    /** Relative. Seen: at most 1.3e-7. */
    private static final double SUMS = 1e-6;

    /** One of each kind: gates and kernels, a factor e^(−Δ), several systems, gates in several forms and learned states. */
    @ParameterizedTest
    @ValueSource(strings = {"gated_video_28", "family/d577b00_g_transformer", "family/head_add_delta"})
    void theTermsOfAStepSumUpToTheNextState(String name) {
        check(name);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hgru_bi_depth2_28",
                "family/d577b00_mg_transformer",
                "family/d577b00_mult_transformer",
                "family/d577b00_spectral_transformer",
                "family/head_add_kqv",
                "family/head_add_kqv_1",
                "family/head_add_kqv_factored_separate",
                "family/head_deltanet",
                "family/head_gated",
                "family/head_gated_factored",
                "family/head_no_gate",
                "family/head_register_tokens",
                "family/head_transformer_asymmetric",
                "family/head_transformer_readout_qk"
            })
    void theTermsOfEveryOtherCellDoToo(String name) {
        check(name);
    }

    private static void check(String name) {
        GoldenCase golden = GoldenCase.named(name);
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), config(golden))) {
            for (String cell : explainer.cells()) {
                StepTerms terms = explainer.stepTerms(cell, sample(golden), 0);
                assertThat(terms.states())
                        .extracting(StepTerms.State::symbol)
                        .isEqualTo(explainer.notation().states());
                terms.states().forEach(StepTermsTest::assertTermsSumUp);
                assertThat(terms.readOut().values())
                        .hasSameSizeAs(terms.states().get(0).maps().values());
            }
        }
    }

    static void assertTermsSumUp(StepTerms.State state) {
        double[] sums = new double[state.maps().values().length];
        for (StepTerms.Term term : state.terms()) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += term.maps().values()[i];
            }
        }
        float[] rounded = new float[sums.length];
        IntStream.range(0, sums.length).forEach(i -> rounded[i] = (float) sums[i]);
        assertThat(Closeness.between(rounded, state.maps().values()).relative())
                .as(state.symbol())
                .isLessThan(SUMS);
    }

    /**
     * Of the states, only those of the last step are read. So what a state contributes to the logit at a step is what the terms
     * that come from it contribute at the next; and the read-out of the last step is what the model reads.
     */
    @Tag("slow")
    @Test
    void whatAStateContributesIsWhatItsTermsContributeNext() {
        GoldenCase golden = GoldenCase.named("transformer_odd_28");
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), config(golden))) {
            StepTerms terms = explainer.stepTerms("cssm_0", sample(golden), 1);
            List<StepTerms.Term> all = terms.states().stream()
                    .flatMap(state -> state.terms().stream())
                    .toList();
            for (StepTerms.State state : terms.states()) {
                assertTermsSumUp(state);
                for (int t = 0; t + 1 < state.maps().steps(); t++) {
                    double after = sum(all.stream().filter(term -> term.source().equals(state.symbol())), t + 1);
                    assertThat(sum(state.terms().stream(), t)).isCloseTo(after, within(1e-5));
                }
            }
            assertThat(terms.states().get(0).terms())
                    .extracting(StepTerms.Term::symbol)
                    .containsExactly("d_Q·Q", "w·K̂·K", "α·K̂·A", "u_Q");
            StepTerms.Maps means = terms.meansOnly().readOut();
            assertThat(means.channels()).isEqualTo(1);
            assertThat(means.means().get(2).values())
                    .isEqualTo(terms.readOut().means().get(2).values());
        }
    }

    @Test
    void cellsWithoutLinearSystemsAreRefusedByName() {
        GoldenCase golden = GoldenCase.named("family/head_gdn");
        assertThatThrownBy(() -> new ModelExplainer(golden.checkpoint(), config(golden)).close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the cell 'gdn' cannot be explained");
    }

    private static double sum(Stream<StepTerms.Term> terms, int step) {
        return terms.mapToDouble(term -> term.contributions()[step]).sum();
    }

    private static ModelConfig config(GoldenCase golden) {
        return golden.name().startsWith("family/")
                ? ConfigResolver.resolve(golden.checkpoint(), Map.of(), Optional.of(GoldenModel.description(golden)))
                : GoldenModel.config(golden);
    }

    private static float[] sample(GoldenCase golden) {
        float[] all = golden.tensor("input").toFloats();
        return Arrays.copyOf(
                all, all.length / Math.toIntExact(golden.tensor("input").shape()[0]));
    }
}
