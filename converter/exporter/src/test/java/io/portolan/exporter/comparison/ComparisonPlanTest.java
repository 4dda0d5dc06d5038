package io.portolan.exporter.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.graphs.training.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans of comparisons: the bundled ones, and what is refused. */
class ComparisonPlanTest {
    private static final String PLAN = """
            {"data": "generate:easiest:40", "image_size": 32, "seeds": [1], "budget": {"steps": 2, "batch": 4},
             "models": [{"name": "A", "config": {"cssm_type": "gated"}}]}""";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Scale.class)
    void everyBundledPlanDescribesModelsThatExist(Scale scale) throws IOException {
        Comparison comparison = Comparison.of(scale.plan(), folder, Device.CPU);
        assertThat(comparison.runs())
                .hasSize(scale.plan().models().size() * scale.plan().seeds().size());
        assertThat(comparison.runs().subList(0, 4))
                .extracting(run -> run.config().architecture().label())
                .containsExactly("baseline", "hgru", "simple", "simple");
    }

    /** Lists of {@code List.of}, unlike those that are parsed, cannot be asked for null. */
    @Test
    void aPlanMayBeMadeOfPartsOfAnother() {
        ComparisonPlan smoke = Scale.SMOKE.plan();
        ComparisonPlan part = new ComparisonPlan(
                smoke.title(),
                smoke.data(),
                smoke.imageSize(),
                List.of(3L),
                smoke.budget(),
                smoke.models().subList(0, 1));
        assertThat(part.seeds()).containsExactly(3L);
    }

    @Test
    void theDefaultsAreThoseOfTraining() throws IOException {
        Budget budget = ComparisonPlan.parse(PLAN, "plan").budget();
        assertThat(budget.learningRate()).isEqualTo(3e-4);
        assertThat(budget.warmup()).isEqualTo(500);
        assertThat(budget.schedule()).isEqualTo("corrected");
        assertThat(budget.optimizer(2).beta2()).isEqualTo(0.999);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"seeds\"          | \"sedes\"              | unknown field 'sedes'; expected",
                "\"steps\"          | \"stpes\"              | unknown field 'budget.stpes'",
                "\"name\": \"A\"    | \"nam\": \"A\"         | unknown field 'models[0].nam'; expected",
                "\"steps\": 2       | \"steps\": \"two\"     | budget.steps: expected a whole number",
                "\"steps\": 2       | \"steps\": 2.5         | budget.steps: expected a whole number",
                "\"steps\": 2       | \"steps\": 0           | budget: steps is 0; expected 1 or more",
                "\"steps\": 2       | \"steps\": 2, \"epochs\": 1 | budget: expected either epochs or steps",
                "\"steps\": 2       | \"schedule\": \"x\", \"steps\": 2 | budget: schedule is 'x'; expected reference, corrected, constant",
                "\"seeds\": [1]     | \"seeds\": []          | seeds has 0 entries",
                "\"seeds\": [1]     | \"seeds\": [1, 1]      | seeds has one seed twice",
                "\"seeds\": [1]     | \"seeds\": 1           | seeds: expected a list",
                "\"seeds\": [1],    | \"title\": \"x\",      | seeds is missing",
                "\"name\": \"A\"    | \"name\": \"../A\"     | models[0]: name is '../A'",
                "\"gated\"}}        | \"gated\"}}, {\"name\": \"a\", \"config\": {}} | two models have the name 'a'",
                "\"image_size\": 32 | \"image_size\": 32, \"image_size\": 3 | not JSON (Duplicate",
                "\"gated\"}}]}    | \"gated\"}}]} {}        | not JSON (Trailing",
                "\"budget\": {\"steps\": 2, \"batch\": 4} | \"budget\": [] | budget: expected an object",
                "\"config\": {\"cssm_type\": \"gated\"} | \"config\": 3 | models[0].config: expected an object",
            })
    void whatIsWrongIsNamedInOneLine(String before, String after, String message) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ComparisonPlan.parse(PLAN.replace(before.strip(), after.strip()), "plan.json"))
                .satisfies(refused -> assertThat(refused.getMessage())
                        .startsWith("plan.json: ")
                        .contains(message)
                        .doesNotContain("\n"));
    }

    @Test
    void theSpreadIsTheSamplesDeviation() {
        assertThat(Spread.of(List.of(1.0, 3.0), value -> value)).isEqualTo(new Spread(2, Math.sqrt(2)));
        assertThat(Spread.of(List.of(1.0), value -> value)).isEqualTo(new Spread(1, null));
    }
}
