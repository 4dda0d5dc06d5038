package io.portolan.graphs.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checkpoints of several revisions of the reference, described by all the options that these have: each is either
 * correct or refused.
 */
class FamilyParityTest {
    /** Seen: at most 9e-7, in both plans; see {@link GoldenParityTest} for what rounding leaves. */
    private static final double LOGITS_ABSOLUTE = 5e-6;

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#family")
    void logitsMatchThoseOfTheRevision(GoldenCase golden) {
        ModelConfig config =
                ConfigResolver.resolve(golden.checkpoint(), Map.of(), Optional.of(GoldenModel.description(golden)));
        for (Plan plan : Plan.values()) {
            try (ModelGraph graph = ModelGraph.build(golden.checkpoint(), config, plan, TimeForm.UNROLLED)) {
                float[] logits = graph.run(golden.tensor("input").toFloats(), List.of("logits"))
                        .get("logits");
                assertThat(Closeness.between(logits, golden.tensor("logits").toFloats())
                                .maxAbsolute())
                        .as(plan.name())
                        .isLessThan(LOGITS_ABSOLUTE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTrainingProgramsOwnArgumentsAreEnough(SelfDescribing revision) {
        GoldenCase golden = GoldenCase.named("family/" + revision.name());
        assertThat(ConfigResolver.resolve(golden.checkpoint(), Map.of(), Optional.empty()))
                .isEqualTo(ConfigResolver.resolve(
                        golden.checkpoint(), Map.of(), Optional.of(GoldenModel.description(golden))));
    }

    /** Cases whose checkpoints hold {@code training_args}. */
    enum SelfDescribing {
        head_transformer_stem_mode_conv,
        head_kqv_alias,
        head_norm_global_layer_equals_layer,
        head_transformer_gate_type_without_effect
    }

    @ParameterizedTest
    @MethodSource("io.portolan.checkpoints.golden.GoldenCase#unsupported")
    void anOptionThatLeavesNoTraceInTheArraysIsRefusedByName(GoldenCase golden) {
        for (Optional<Map<String, Object>> description :
                List.of(Optional.<Map<String, Object>>empty(), Optional.of(GoldenModel.description(golden)))) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> ConfigResolver.resolve(golden.checkpoint(), Map.of(), description))
                    .withMessageMatching(".*(stem_norm 'instance'|body_norm 'instance'|norm_type 'temporal_layer').*");
        }
    }
}
