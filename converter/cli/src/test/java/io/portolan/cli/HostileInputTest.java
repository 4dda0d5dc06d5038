package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.CheckpointFormat;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.ArrayData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Deceptive names, pipes instead of files, and one bad file among good ones. */
class HostileInputTest {
    private static final GoldenCase GOLDEN = GoldenCase.named("transformer_temporal_t1_36");
    private static final String CHECKPOINT = GOLDEN.checkpointFile().toString();
    private static final List<String> NAMES = List.of(
            "\u001b[2J\u001b[31mall good\nparity proven", "a\u202eb", "\u009b31m", "tab\tcr\r", "\u2028line\u200bzero");
    private static final String DANGEROUS = "[\\p{Cntrl}\\p{Cf}\u2028\u2029&&[^\n]]";

    @TempDir
    private Path folder;

    private Path checkpoint(Iterable<String> names, Map<String, Object> metadata) throws IOException {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        names.forEach(name -> arrays.put(name, ArrayData.ofFloats(new long[] {1}, 1)));
        Path file = folder.resolve("names.pkl");
        Checkpoints.write(
                new Checkpoint(
                        ParameterTree.of(arrays),
                        ParameterTree.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        metadata),
                file,
                CheckpointFormat.PICKLE);
        return file;
    }

    @Test
    void namesAreEscapedInTablesMessagesAndJson() throws IOException {
        String file = checkpoint(NAMES, Map.of("\u001b[1mlayers", List.of(ArrayData.ofFloats(new long[] {1}, 1))))
                .toString();
        Outcome table = run("inspect", file);
        assertThat(table.code()).as(table.err()).isZero();
        assertThat(table.out())
                .contains("\\u001b[2J\\u001b[31mall good\\u000aparity proven", "a\\u202eb", "\\u009b31m", "\\u200b");
        assertThat(table.out() + table.err()).doesNotContainPattern(DANGEROUS);
        assertThat(table.err()).contains("WARNING", "layers").hasLineCount(1);

        Outcome json = run("inspect", file, "--json");
        assertThat(json.out()).doesNotContainPattern(DANGEROUS);
        assertThat(new ObjectMapper().readTree(json.out()).get("params").findValuesAsText("path"))
                .isEqualTo(NAMES);

        for (Outcome refused : List.of(
                run("convert", file, "-o", folder.resolve("m.onnx").toString(), "--set", "seq_len=8"),
                run("inspect", folder.resolve("\u001b[31mnone\n.pkl").toString()),
                run("inspect", file, "--params", "\u001b[31m\n"))) {
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.out() + refused.err()).doesNotContainPattern(DANGEROUS);
        }
        assertThat(run("inspect", "\u001b[31m\n").err()).hasLineCount(1);
        assertThat(run("inspect", file, "--\u001b[31m\n").err()).doesNotContainPattern(DANGEROUS);
    }

    @Test
    void namesOfAnyLengthAreCut() throws IOException {
        String file = checkpoint(List.of("n".repeat(10_000_000), "b"), Map.of()).toString();
        Outcome table = run("inspect", file);
        assertThat(table.out()).contains("nnn... (10,000,000 characters)").hasSizeLessThan(20_000);
        assertThat(run("convert", file, "-o", folder.resolve("m.onnx").toString())
                        .err())
                .hasSizeLessThan(5_000);
        assertThat(run("inspect", "x".repeat(100_000)).err()).hasSizeLessThan(5_000);
    }

    @Test
    void whatIsLeftOutIsSaid() throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("opt_state", List.of(ArrayData.ofFloats(new long[] {1}, 1)));
        metadata.put("layers", List.of(ArrayData.ofFloats(new long[] {2}, 1, 2)));
        Path file = folder.resolve("more.pkl");
        Checkpoint golden = GOLDEN.checkpoint();
        Checkpoints.write(
                new Checkpoint(golden.parameters(), golden.batchStatistics(), golden.epoch(), golden.step(), metadata),
                file,
                CheckpointFormat.PICKLE);

        JsonNode others = new ObjectMapper()
                .readTree(run("inspect", file.toString(), "--json").out())
                .get("other_arrays");
        assertThat(others.findValuesAsText("place")).containsExactly("opt_state", "layers");
        assertThat(others.findValuesAsText("recognised")).containsExactly("true", "false");
        String config = Files.writeString(folder.resolve("config.json"), GOLDEN.configJson())
                .toString();
        for (Outcome outcome : List.of(
                run("inspect", file.toString()),
                run(
                        "checkpoint",
                        "convert",
                        file.toString(),
                        folder.resolve("more.npz").toString()),
                run(
                        "convert",
                        file.toString(),
                        "--config",
                        config,
                        "-o",
                        folder.resolve("more.onnx").toString()))) {
            assertThat(outcome.code()).as(outcome.err()).isZero();
            assertThat(outcome.out()).contains("'opt_state' (1 array), 'layers' (1 array)");
            assertThat(outcome.err()).contains("WARNING", "'layers' (1 array)").doesNotContain("opt_state");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void noCommandOpensAPipe() throws IOException, InterruptedException {
        String model = model();
        Path images = Files.createDirectory(folder.resolve("images"));
        Path pipe = pipe(images.resolve("p.png"));
        Path link = Files.createSymbolicLink(folder.resolve("link.npy"), pipe);
        Path classes = Files.createDirectories(folder.resolve("data/imgs/pos"));
        pipe(classes.resolve("p.png"));
        Path saved = Files.createDirectories(folder.resolve("saved/variables"));
        Files.writeString(saved.resolveSibling("saved_model.pb"), "x");
        pipe(saved.resolve("variables.index"));
        String p = pipe.toString();
        for (String[] command : new String[][] {
            {"inspect", p},
            {"inspect", CHECKPOINT, "--config", p},
            {"checkpoint", "convert", p, folder.resolve("o.npz").toString()},
            {"convert", p, "-o", folder.resolve("o.onnx").toString()},
            {"predict", p, p},
            {"predict", model, p},
            {"predict", model, images.toString()},
            {"predict", model, link.toString()},
            {"predict", model, "/dev/zero"},
            {"verify", CHECKPOINT, p},
            {"verify", CHECKPOINT, model, images.toString(), "--samples", "1"},
            {"explain", p, p, "--json"},
            {"bench", p},
            {"serve", p},
            {"evaluate", p, "--data", p},
            {"dataset", "show", p, "-o", folder.resolve("s.png").toString()},
            {
                "dataset",
                "show",
                folder.resolve("data").toString(),
                "-o",
                folder.resolve("s.png").toString()
            },
            {
                "dataset",
                "show",
                pipe(folder.resolve("d.npz")).toString(),
                "-o",
                folder.resolve("s.png").toString()
            },
            {
                "dataset",
                "show",
                pipe(folder.resolve("d.tfrecord")).toString(),
                "-o",
                folder.resolve("s.png").toString()
            },
            {"tf2onnx", p, "-o", folder.resolve("o.onnx").toString()},
            {
                "tf2onnx",
                folder.resolve("saved").toString(),
                "-o",
                folder.resolve("o.onnx").toString()
            }
        }) {
            Outcome outcome =
                    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> run(command), String.join(" ", command));
            assertThat(outcome.code()).as(String.join(" ", command)).isEqualTo(1);
            // ONNX Runtime logs that a process uses it with two configurations, which only tests do.
            assertThat(outcome.err().lines().filter(line -> line.startsWith("portolan: ")))
                    .as(String.join(" ", command))
                    .singleElement()
                    .asString()
                    .doesNotContain("internal error");
        }
    }

    @Test
    void oneBadInputHidesNoOther() throws IOException {
        String model = model();
        String good = Path.of("src/main/resources/demo/images/connected_0.png").toString();
        String bad = Files.writeString(folder.resolve("bad.png"), "hello").toString();
        String none = folder.resolve("none.png").toString();
        Outcome text = run("predict", model, bad, good, none);
        assertThat(text.code()).isEqualTo(1);
        assertThat(text.out()).contains("connected_0.png", "%");
        assertThat(text.err()).contains("bad.png", "none.png").hasLineCount(2);

        Outcome json = run("predict", model, bad, good, "--json");
        assertThat(json.code()).isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(json.out());
        assertThat(report).hasSize(2);
        assertThat(report.findValuesAsText("label")).hasSize(1);
        assertThat(report.findValuesAsText("error")).singleElement().asString().contains("bad.png");

        Outcome verified = run("verify", CHECKPOINT, model, bad, good, "--samples", "1");
        assertThat(verified.code()).isEqualTo(1);
        assertThat(verified.out()).contains("random", "connected_0.png", "ok");
        assertThat(verified.err()).contains("bad.png").hasLineCount(1);

        Outcome explained = run(
                "explain",
                CHECKPOINT,
                bad,
                good,
                "--config",
                folder.resolve("config.json").toString(),
                "--json");
        assertThat(explained.code()).isEqualTo(1);
        assertThat(explained.out()).contains("connected_0.png");
        assertThat(explained.err()).contains("portolan: " + bad);
        assertThat(run(
                                "explain",
                                CHECKPOINT,
                                bad,
                                "--config",
                                folder.resolve("config.json").toString(),
                                "--json")
                        .code())
                .isEqualTo(1);
    }

    private String model() throws IOException {
        String config = Files.writeString(folder.resolve("config.json"), GOLDEN.configJson())
                .toString();
        String model = folder.resolve("model.onnx").toString();
        assertThat(run("convert", CHECKPOINT, "--config", config, "-o", model, "--no-verify")
                        .code())
                .isZero();
        return model;
    }

    private static Path pipe(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        return path;
    }

    private static Outcome run(String... arguments) {
        return Outcome.of(arguments);
    }
}
