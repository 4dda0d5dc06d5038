package io.portolan.graphs.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.golden.Closeness;
import io.portolan.graphs.golden.GoldenModel;
import java.util.Arrays;
import java.util.List;
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

    /**
     * One of each kind: gates and kernels, a factor e^(−Δ), several systems, gates in several forms and learned states; matrices of
     * states, states at places, and the circuit of an hGRU.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gated_video_28",
                "family/d577b00_g_transformer",
                "family/head_add_delta",
                "family/head_gdn_int",
                "family/head_convs5",
                "baselines/hgru_eta_16"
            })
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
                "family/formula_deltanet_d2",
                "family/formula_no_fft",
                "family/formula_no_fft_factored",
                "family/formula_gdn_int_elem",
                "family/formula_gdn_int_factored_depth2",
                "family/formula_conv_ssm_video",
                "family/formula_convs5_video",
                "family/formula_s4nd",
                "family/formula_s4nd_unidirectional",
                "family/head_add_kqv",
                "family/head_add_kqv_1",
                "family/head_add_kqv_factored_separate",
                "family/head_conv_ssm",
                "family/head_deltanet",
                "family/head_gated",
                "family/head_gated_factored",
                "family/head_gdn",
                "family/head_gdn_d3",
                "family/head_gdn_int_qk",
                "family/head_no_gate",
                "family/head_register_tokens",
                "family/head_s4nd_full",
                "family/head_transformer_asymmetric",
                "family/head_transformer_readout_qk",
                "baselines/hgru_batch_20",
                "baselines/hgru_relu_18"
            })
    void theTermsOfEveryOtherCellDoToo(String name) {
        check(name);
    }

    private static void check(String name) {
        GoldenCase golden = GoldenCase.named(name);
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), GoldenModel.resolved(golden))) {
            for (String module : explainer.modules()) {
                StepTerms terms = explainer.stepTerms(module, sample(golden), 0).orElseThrow();
                assertThat(terms.states())
                        .extracting(StepTerms.State::symbol)
                        .containsAll(explainer.notation().states());
                assertThat(terms.states()).anyMatch(state -> !state.terms().isEmpty());
                terms.states().stream()
                        .filter(state -> !state.terms().isEmpty())
                        .forEach(StepTermsTest::assertTermsSumUp);
                StepTerms.Maps states = terms.states().get(0).maps();
                assertThat(terms.readOut().height()).isEqualTo(states.height());
                assertThat(terms.readOut().width()).isEqualTo(states.width());
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
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), GoldenModel.resolved(golden))) {
            StepTerms terms = explainer.stepTerms("cssm_0", sample(golden), 1).orElseThrow();
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

    /**
     * A state that is read at the last step only, and takes nothing but itself and the input: the shares of all steps' inputs make up
     * what it contributes in the end. The model has left out the steps, or never has these states.
     */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"family/head_no_gate", "family/head_conv_ssm", "family/head_convs5", "family/head_gdn"})
    void inputsOfAllStepsMakeUpTheLastState(String name) {
        GoldenCase golden = GoldenCase.named(name);
        try (ModelExplainer explainer = new ModelExplainer(golden.checkpoint(), GoldenModel.resolved(golden))) {
            StepTerms.State state = explainer
                    .stepTerms("cssm_0", sample(golden), 1)
                    .orElseThrow()
                    .states()
                    .get(0);
            int last = state.maps().steps() - 1;
            double ofInputs = state.terms().stream()
                    .filter(term -> term.source().equals(StepTerms.INPUT))
                    .flatMapToDouble(term -> Arrays.stream(term.contributions()))
                    .sum();
            double ofState = sum(state.terms().stream(), last);
            assertThat(ofState).isNotZero();
            assertThat(ofInputs).isCloseTo(ofState, within(1e-4 * Math.max(1, Math.abs(ofState))));
        }
    }

    private static double sum(Stream<StepTerms.Term> terms, int step) {
        return terms.mapToDouble(term -> term.contributions()[step]).sum();
    }

    private static float[] sample(GoldenCase golden) {
        float[] all = golden.tensor("input").toFloats();
        return Arrays.copyOf(
                all, all.length / Math.toIntExact(golden.tensor("input").shape()[0]));
    }
}
