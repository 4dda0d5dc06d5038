package io.portolan.graphs.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.cells.TimeForm;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.model.ModelGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints of several revisions of the reference, described by all the options that these have: right, or refused. */
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

    static Stream<GoldenCase> selfDescribing() {
        return GoldenCase.family().stream()
                .filter(golden -> golden.checkpoint().metadata().containsKey("training_args"));
    }

    @ParameterizedTest
    @MethodSource("selfDescribing")
    void theTrainingProgramsOwnArgumentsAreEnough(GoldenCase golden) {
        assertThat(ConfigResolver.resolve(golden.checkpoint(), Map.of(), Optional.empty()))
                .isEqualTo(ConfigResolver.resolve(
                        golden.checkpoint(), Map.of(), Optional.of(GoldenModel.description(golden))));
    }
}
