package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.exporter.comparison.Comparison;
import io.portolan.exporter.comparison.ComparisonListener;
import io.portolan.exporter.comparison.ComparisonPlan;
import io.portolan.exporter.comparison.ComparisonResult;
import io.portolan.exporter.comparison.ModelResult;
import io.portolan.exporter.comparison.PlannedRun;
import io.portolan.exporter.comparison.Scale;
import io.portolan.graphs.training.Device;
import io.portolan.graphs.training.StepReport;
import io.portolan.graphs.training.TrainingListener;
import io.portolan.graphs.training.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several models on the same data, in one table. */
class TableCommandTest {
    private static final String PLAN = """
            {"title": "Tiny", "data": "generate:easiest:60", "image_size": 32, "seeds": [1, 2],
             "budget": {"steps": 4, "batch": 8, "learning_rate": 1e-3, "warmup": 1},
             "models": [
               {"name": "Gated", "config": {"cssm_type": "gated", "embed_dim": 8, "kernel_size": 5, "seq_len": 2}},
               {"name": "ViT", "note": "Small.", "config": {"arch": "baseline", "embed_dim": 12, "depth": 1, "num_heads": 3,
                "patch_size": 8, "no_temporal_attn": true, "seq_len": 1}}]}""";

    @TempDir
    private Path folder;

    @Test
    void anInterruptedComparisonContinuesAndWritesItsTable() throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.json"), PLAN);
        Path results = folder.resolve("results");
        StopAfter sixSteps = new StopAfter(6);
        ComparisonResult stopped =
                Comparison.of(ComparisonPlan.read(plan), results, Device.CPU).run(sixSteps, sixSteps);
        assertThat(stopped.isComplete()).isFalse();

        Outcome table = Outcome.of("table", plan.toString(), "-o", results.toString());
        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out())
                .contains(
                        "run 2/4: ViT, seed 1, continues after step 2",
                        "run 4/4: ViT, seed 2, begins",
                        "test accuracy",
                        "done: ")
                .containsPattern("Gated +[0-9.]+ ± [0-9.]+ % +2 ");

        assertThat(results.resolve("results.md"))
                .content()
                .contains("# Tiny", "| Gated |", "| ViT |", " ± ", "ViT: Small.", "48 images to train on, 6 to test")
                .doesNotContain("Not finished");
        assertThat(results.resolve("results.html"))
                .content()
                .contains("<title>Tiny: Comparison of models</title>", "<svg", "patch_size")
                .doesNotContain("http://", "https://");
        JsonNode json =
                new ObjectMapper().readTree(results.resolve("results.json").toFile());
        assertThat(json.get("finished_runs").asInt()).isEqualTo(4);
        JsonNode vit = json.get("models").get(1);
        assertThat(vit.get("runs")).hasSize(2);
        assertThat(vit.get("onnx_milliseconds").asDouble()).isPositive();
        assertThat(vit.get("onnx_bytes").asLong()).isEqualTo(Files.size(results.resolve("vit/seed-1/model.onnx")));
        assertThat(vit.get("runs").get(0).get("validation").get(0).get("step").asInt())
                .isEqualTo(4);

        Outcome again = Outcome.of("table", plan.toString(), "-o", results.toString(), "--json");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err())
                .contains("run 4/4: ViT, seed 2, was done before")
                .doesNotContain("begins");
        assertThat(new ObjectMapper().readTree(again.out()).get("models").get(1).get("runs"))
                .isEqualTo(vit.get("runs"));

        Files.writeString(plan, PLAN.replace("\"steps\": 4", "\"steps\": 5"));
        assertRefused(
                Outcome.of("table", plan.toString(), "-o", results.toString()), 1, "seed-1: holds a run of another");
    }

    @Test
    void whatCannotBeComparedIsRefusedBeforeAnythingIsTrained() throws IOException {
        assertRefused(planned("\"kernel_size\"", "\"kernel\""), 1, "model 'Gated'", "kernel=5");
        assertRefused(planned("\"num_heads\": 3", "\"num_heads\": 5"), 1, "model 'ViT'", "num_heads '5'");
        assertRefused(planned("easiest:60", "easiest:4"), 1, "generate:easiest:4");
        assertRefused(planned("\"warmup\"", "\"warmups\""), 1, "unknown field 'budget.warmups'; expected", "warmup");
        assertRefused(planned("\"learning_rate\": 1e-3", "\"learning_rate\": 0"), 2, "learning rate must be positive");
        assertRefused(Outcome.of("table", "-o", folder.toString()), 2, "PLAN.json", "--scale");
        assertRefused(Outcome.of("table", "--scale", "smoke"), 2, "--output");
        assertRefused(Outcome.of("table", folder.resolve("none").toString(), "-o", "x"), 1, "no such file");
        assertThat(folder.resolve("results")).doesNotExist();
    }

    @Test
    void theBundledPlansAreShownToBeEdited() throws IOException {
        Outcome shown = Outcome.of("table", "--scale", "reduced", "--show");
        assertThat(shown.code()).isZero();
        assertThat(ComparisonPlan.parse(shown.out(), "shown")).isEqualTo(Scale.REDUCED.plan());
    }

    /** The two CSSMs with one seed; with all models and seeds the scale takes hours on two cores, most of them for the hGRU. */
    @Test
    @Tag("slow")
    void theModelsOfTheSmokeScaleLearnTheEasiestLevel() throws IOException {
        ComparisonPlan smoke = Scale.SMOKE.plan();
        ComparisonPlan shortened = new ComparisonPlan(
                smoke.title(),
                smoke.data(),
                smoke.imageSize(),
                smoke.seeds().subList(0, 1),
                smoke.budget(),
                smoke.models().stream()
                        .filter(model -> model.name().endsWith("CSSM"))
                        .toList());
        ComparisonResult result =
                Comparison.of(shortened, folder, Device.CPU).run(() -> false, new ComparisonListener() {});
        assertThat(result.models()).hasSize(2);
        assertThat(result.models())
                .extracting(ModelResult::accuracy)
                .allSatisfy(accuracy -> assertThat(accuracy.mean()).isGreaterThan(0.9));
    }

    /** Asks for a stop after a number of steps of all runs together. */
    private static final class StopAfter implements BooleanSupplier, ComparisonListener, TrainingListener {
        private int left;

        StopAfter(int steps) {
            left = steps;
        }

        @Override
        public List<TrainingListener> starting(PlannedRun planned, TrainingRun run) {
            return List.of(this);
        }

        @Override
        public void stepped(StepReport report) {
            left--;
        }

        @Override
        public boolean getAsBoolean() {
            return left <= 0;
        }
    }

    private Outcome planned(String before, String after) throws IOException {
        Path plan = Files.writeString(folder.resolve("wrong.json"), PLAN.replace(before, after));
        return Outcome.of(
                "table", plan.toString(), "-o", folder.resolve("results").toString());
    }

    private static void assertRefused(Outcome outcome, int code, String... words) {
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(code);
        String line = outcome.err().lines().findFirst().orElse("");
        for (String word : List.of(words)) {
            assertThat(line).containsIgnoringCase(word);
        }
        assertThat(line).doesNotContain("internal error");
    }
}
