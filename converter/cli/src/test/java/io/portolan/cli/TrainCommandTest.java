package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Training and evaluation from the command line. */
class TrainCommandTest {
    private static final String DATA = "generate:easiest:40";
    private static final List<String> SMALL = List.of(
            "--set",
            "cssm_type=gated",
            "--set",
            "embed_dim=8",
            "--set",
            "kernel_size=5",
            "--set",
            "seq_len=2",
            "--set",
            "image_size=28");
    private static final List<String> RECIPE =
            List.of("--batch", "8", "--lr", "3e-3", "--warmup", "2", "--schedule", "constant");

    @TempDir
    private Path folder;

    @Test
    void aRunIsResumedAndItsWeightsAreEvaluatedAsCheckpointAndAsOnnx() throws IOException {
        Outcome begun = train("--data", DATA, "--steps", "10");
        assertThat(begun.code()).as(begun.err()).isZero();
        assertThat(begun.out())
                .contains(
                        "32 images to train on",
                        "device    ",
                        "epoch 3, step 10: training loss",
                        "validation loss",
                        "done: ");

        Outcome again = train("--data", DATA, "--steps", "10");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("already holds a run", "--resume");

        Outcome resumed = run("train", "--resume", "--steps", "20", "-o", runFolder());
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.out()).contains("20 steps", "10 are done", "epoch 5, step 20");
        List<String> metrics = Files.readAllLines(folder.resolve("run/metrics.csv"));
        assertThat(metrics.stream().filter(line -> line.contains(",train,"))).hasSize(20);

        String best = folder.resolve("run/best.pkl").toString();
        JsonNode measured = evaluate(best);
        assertThat(measured.get("samples").asInt()).isEqualTo(40);
        assertThat(measured.get("labels").get(1).asText()).isEqualTo("connected");
        String onnx = folder.resolve("model.onnx").toString();
        assertThat(run("convert", best, "-o", onnx).code()).isZero();
        JsonNode exported = evaluate(onnx);
        assertThat(exported.get("confusion")).isEqualTo(measured.get("confusion"));
        assertThat(Math.abs(
                        exported.get("loss").asDouble() - measured.get("loss").asDouble()))
                .isLessThan(1e-5);

        Outcome table = run("evaluate", best, "--data", DATA, "--split", "val");
        assertThat(table.out()).contains("4 (val)", "accuracy", "is connected", "called disconnected");
    }

    @Test
    void trainingStartsFromACheckpointTooAndInMixedPrecision() throws IOException {
        assertThat(train("--data", DATA, "--steps", "1").code()).isZero();
        Path first = folder.resolve("run/last.pkl");
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--from",
                first.toString(),
                "--data",
                DATA,
                "--steps",
                "1",
                "--mixed-precision",
                "-o",
                folder.resolve("more").toString()));
        arguments.addAll(RECIPE);
        Outcome more = run(arguments.toArray(String[]::new));
        String limit = System.getenv("ONEDNN_MAX_CPU_ISA");
        if (limit != null && more.code() != 0) {
            // Such a limit keeps TensorFlow from bfloat16; this test then is one of the refusal.
            assertRefused(more, 1, "ONEDNN_MAX_CPU_ISA=" + limit, "without bfloat16 products");
            return;
        }
        assertThat(more.code()).as(more.err()).isZero();
        assertThat(more.out()).contains(first.toString());
        assertThat(folder.resolve("more/last.pkl")).isRegularFile();
        assertThat(folder.resolve("run/run.json")).content().contains("\"SINGLE\"");
        assertThat(folder.resolve("more/run.json")).content().contains("\"MIXED\"");
        Outcome resumed = run(
                "train",
                "--resume",
                "--steps",
                "2",
                "-o",
                folder.resolve("more").toString());
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(folder.resolve("more/run.json")).content().contains("\"MIXED\"");
    }

    @Test
    void whatCannotBeTrainedIsRefusedInOneLineAndLeavesNothing() {
        assertRefused(train("--data", "generate:simple"), 1, "'simple' is not a level", "easiest");
        assertRefused(train("--data", "generate:easiest:0"), 1, "'0' is not a positive number");
        assertRefused(train("--data", folder.resolve("none").toString()), 1, "none: no such file");
        assertRefused(train("--data", "generate:easiest:5"), 1, "--batch 8", "only 4 samples");
        assertRefused(train("--data", DATA, "--set", "embed_dim=7"), 1, "embed_dim '7'", "even");
        assertRefused(run("train", "--resume", "-o", runFolder()), 1, "no run to resume");
        assertRefused(train("--resume"), 2, "--set belongs to the run");
        assertRefused(train(), 2, "--data");
        assertRefused(train("--data", DATA, "--label-smoothing", "1.5"), 2, "label smoothing is 1.5");
        assertRefused(
                run("train", "--data", DATA, "--schedule", "reference", "--steps", "900", "-o", runFolder()),
                2,
                "two warm-ups of 500",
                "the schedule 'corrected'");
        assertRefused(
                run("train", "--data", DATA, "--epochs", "1", "--steps", "1", "-o", runFolder()),
                2,
                "mutually exclusive");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no such signals")
    void sigtermEndsTheProcessWhenTheRunIsSaved() throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("train", "-o", runFolder(), "--data", DATA, "--epochs", "100000"));
        words.addAll(SMALL);
        words.addAll(RECIPE);
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(JavaCommand.portolan(List.of(), words))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        while (process.isAlive() && trainingLines() < 6) {
            Thread.sleep(50);
        }
        process.destroy();
        assertThat(process.waitFor()).as(Files.readString(output)).isEqualTo(128 + 15);
        assertThat(output).content().contains("stopped; continue with: portolan train --resume -o " + runFolder());

        long steps = trainingLines();
        Outcome resumed = run("train", "--resume", "--steps", Long.toString(steps + 2), "-o", runFolder());
        assertThat(resumed.out()).contains(steps + " are done", "done: ");
        assertThat(trainingLines()).isEqualTo(steps + 2);
    }

    private long trainingLines() throws IOException {
        Path metrics = folder.resolve("run/metrics.csv");
        return Files.exists(metrics)
                ? Files.readAllLines(metrics).stream()
                        .filter(line -> line.contains(",train,"))
                        .count()
                : 0;
    }

    private static void assertRefused(Outcome outcome, int code, String... words) {
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(code);
        assertThat(outcome.err().lines().findFirst().orElse("")).contains(words).doesNotContain("internal error");
    }

    private Outcome train(String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "-o", runFolder()));
        arguments.addAll(SMALL);
        arguments.addAll(RECIPE);
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private JsonNode evaluate(String model) throws IOException {
        Outcome outcome = run("evaluate", model, "--data", DATA, "--split", "all", "--json");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return new ObjectMapper().readTree(outcome.out());
    }

    private String runFolder() {
        return folder.resolve("run").toString();
    }

    private static Outcome run(String... arguments) {
        return Outcome.of(arguments);
    }
}
