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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checkpoints of several revisions of the reference, described by all the options that these have: each is either
 * correct or refused.
 */
class FamilyParityTest {
    /** Seen: at most 4e-6, in both plans, but for stems with instance norm. */
    private static final double LOGITS_ABSOLUTE = 5e-6;

    /**
     * How far the reference itself is from its own formulas in float64, where it normalises maps that have a large mean by E[x²] −
     * E[x]².
     */
    private static final Map<String, Double> REFERENCE_ERROR =
            Map.of("family/stem_norm_instance_config", 4.6e-5, "family/stem_norm_instance_training_args", 2.0e-5);

    /** Times what the last bits of the input do to the logits. */
    private static final double ROUNDINGS = 4;

    static Stream<GoldenCase> references() {
        return GoldenCase.family().stream().filter(golden -> !golden.isFormula());
    }

    static Stream<GoldenCase> formulas() {
        return GoldenCase.family().stream().filter(GoldenCase::isFormula);
    }

    @ParameterizedTest
    @MethodSource("references")
    void logitsMatchThoseOfTheRevision(GoldenCase golden) {
        compare(golden, Plan.values());
    }

    /** A third of them; the slow profile has all. */
    static Stream<GoldenCase> someFormulas() {
        List<GoldenCase> all = formulas().toList();
        return IntStream.range(0, all.size()).filter(i -> i % 3 == 0).mapToObj(all::get);
    }

    @ParameterizedTest
    @MethodSource("someFormulas")
    void logitsMatchSomeFormulas(GoldenCase golden) {
        compare(golden, Plan.FUSED);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("formulas")
    void logitsMatchTheFormulas(GoldenCase golden) {
        compare(golden, Plan.FUSED);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("formulas")
    void logitsOfTheFaithfulPlanMatchTheFormulas(GoldenCase golden) {
        compare(golden, Plan.FAITHFUL);
    }

    private static void compare(GoldenCase golden, Plan... plans) {
        ModelConfig config =
                ConfigResolver.resolve(golden.checkpoint(), Map.of(), Optional.of(GoldenModel.description(golden)));
        float[] input = golden.tensor("input").toFloats();
        float[] expected = golden.tensor("logits").toFloats();
        for (Plan plan : plans) {
            try (ModelGraph graph = ModelGraph.build(golden.checkpoint(), config, plan, TimeForm.UNROLLED)) {
                double distance =
                        Closeness.between(logits(graph, input), expected).maxAbsolute();
                if (distance >= LOGITS_ABSOLUTE) {
                    assertThat(distance)
                            .as(plan.name())
                            .isLessThan(REFERENCE_ERROR.getOrDefault(golden.name(), 0.0)
                                    + ROUNDINGS * LastBits.noise(graph, input));
                }
            }
        }
    }

    private static float[] logits(ModelGraph graph, float[] input) {
        return graph.run(input, List.of("logits")).get("logits");
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
