package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.converter.WeightType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The output for users and for scripts, for valid and invalid input. */
class CommandLineTest {
    private static final GoldenCase GOLDEN = GoldenCase.named("transformer_temporal_t1_36");
    private static final String CHECKPOINT = GOLDEN.checkpointFile().toString();

    @TempDir
    private Path folder;

    @Test
    void theDemoTakesTheBundledModelAllTheWay() {
        Outcome demo = run("demo", "-o", folder.resolve("demo").toString());
        assertThat(demo.code()).as(demo.err()).isZero();
        assertThat(demo.out())
                .contains("wrote", "accepted by the ONNX checker", "made from this checkpoint")
                .containsPattern("connected_0\\.png +connected")
                .containsPattern("disconnected_0\\.png +disconnected")
                .doesNotContain("DIFFERS");
        assertThat(folder.resolve("demo/model.onnx")).isRegularFile();
    }

    @Test
    void convertVerifyAndPredictWorkOnAnyCheckpoint() throws IOException {
        String model = convert();
        Outcome verified = run("verify", CHECKPOINT, model, "--json");
        assertThat(verified.code()).as(verified.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(verified.out());
        assertThat(report.get("passed").asBoolean()).isTrue();
        assertThat(report.get("made_from_this_checkpoint").asBoolean()).isTrue();
        assertThat(report.get("comparisons").get(0).get("maxAbsolute").asDouble())
                .isLessThan(2e-5);

        Outcome predicted = run("predict", model, demoImage().toString(), "--json");
        assertThat(predicted.code()).as(predicted.err()).isZero();
        JsonNode prediction = new ObjectMapper().readTree(predicted.out()).get(0);
        assertThat(prediction.get("label").asText()).isIn("connected", "disconnected");
        assertThat(prediction.get("logits")).hasSize(2);
    }

    @Test
    void anImageMayBePipedIn() throws IOException {
        String model = convert();
        InputStream original = System.in;
        try (InputStream image = Files.newInputStream(demoImage())) {
            System.setIn(image);
            Outcome piped = run("predict", model, "-", "--json");
            JsonNode row = new ObjectMapper().readTree(piped.out()).get(0);
            assertThat(row.get("source").asText()).isEqualTo("standard input");
            Outcome named = run("predict", model, demoImage().toString(), "--json");
            assertThat(row.get("logits"))
                    .isEqualTo(new ObjectMapper().readTree(named.out()).get(0).get("logits"));
        } finally {
            System.setIn(original);
        }
    }

    @Test
    void verifyFindsThatAWeightHasChanged() throws IOException {
        String model = convert();
        Path other = withAnotherBias(GOLDEN.checkpointFile(), "other.pkl");

        Outcome verified = run("verify", other.toString(), model);
        assertThat(verified.code()).as(verified.err()).isEqualTo(Portolan.NO_PARITY);
        assertThat(verified.out()).contains("DIFFERS", "another checkpoint: ", "checkpoint.pkl");
    }

    @Test
    void aFileThatWasChangedSinceItsExportIsRefusedByItsOwnTest() throws IOException {
        String model = convert();
        String changed = withAnotherBias(Path.of(model), "changed.onnx").toString();
        assertRefused(run("predict", changed, demoImage().toString()), "changed.onnx", "self-test");
        assertThat(run("predict", changed, demoImage().toString(), "--no-self-test")
                        .code())
                .isZero();
        assertThat(run("verify", CHECKPOINT, changed).code()).isEqualTo(Portolan.NO_PARITY);
    }

    /** A copy of a file in which the head's bias is another number. */
    private Path withAnotherBias(Path file, String name) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        byte[] bias = new byte[2 * Float.BYTES];
        GOLDEN.checkpoint().parameters().find("head/bias").orElseThrow().bytes().get(bias);
        // The top bits of a float's mantissa and the lowest of its exponent: twice or half the number, or near it.
        bytes[indexOf(bytes, bias) + 2] ^= (byte) 0xc0;
        return Files.write(folder.resolve(name), bytes);
    }

    @Test
    void convertWritesTheOpsetAskedForAndSaysWhatWasNotChecked() throws IOException {
        Outcome newest = run("convert", CHECKPOINT, "-o", model(), "--config", config(), "--opset", "23");
        assertThat(newest.code()).as(newest.err()).isZero();
        assertThat(newest.out()).contains("NOT CHECKED: the ONNX checker knows opsets up to 22, this is opset 23");
        assertThat(OnnxMl.ModelProto.parseFrom(Files.readAllBytes(Path.of(model())))
                        .getOpsetImport(0)
                        .getVersion())
                .isEqualTo(23);

        Outcome tooOld = run("convert", CHECKPOINT, "-o", model(), "--config", config(), "--force", "--opset", "12");
        assertThat(tooOld.code()).isEqualTo(2);
        assertThat(tooOld.err()).contains("--opset", "opset 12", "13 to 23");
    }

    @Test
    void inspectListsArraysAndConfiguration() throws IOException {
        Outcome text = run("inspect", CHECKPOINT);
        assertThat(text.code()).isZero();
        assertThat(text.out())
                .contains("cssm_0/w_qk/kernel", "(8, 45)", "float32", "does not say", "cssm_type=transformer");

        JsonNode json = new ObjectMapper()
                .readTree(run("inspect", CHECKPOINT, "--config", config(), "--json")
                        .out());
        assertThat(json.get("configuration").get("seq_len").asInt()).isEqualTo(1);
        assertThat(json.get("params"))
                .hasSize(GOLDEN.checkpoint().parameters().arrays().size());
    }

    @Test
    void aCheckpointGoesThroughEveryFormatAndComesBack() throws IOException {
        String from = CHECKPOINT;
        for (String name : List.of("a.safetensors", "b.npz", "c.msgpack", "d.pkl")) {
            String to = folder.resolve(name).toString();
            Outcome converted = run("checkpoint", "convert", from, to);
            assertThat(converted.code()).as(converted.err()).isZero();
            from = to;
        }
        assertThat(Checkpoints.read(folder.resolve("d.pkl"))).isEqualTo(GOLDEN.checkpoint());
        assertThat(run("inspect", folder.resolve("b.npz").toString()).out()).contains("npz");
        assertRefused(
                run("checkpoint", "convert", CHECKPOINT, folder.resolve("d.pkl").toString()), "--force");
        assertRefused(
                run("checkpoint", "convert", CHECKPOINT, folder.resolve("e.zzz").toString()), "e.zzz", "safetensors");
    }

    @Test
    void aFolderOfShardsIsACheckpointToo() throws IOException {
        Path shards = Files.createDirectory(folder.resolve("shards"));
        assertThat(run(
                                "checkpoint",
                                "convert",
                                CHECKPOINT,
                                shards.resolve("all.safetensors").toString())
                        .code())
                .isZero();
        // Our own files have the parameters below params.
        String index = GOLDEN.checkpoint().parameters().arrays().keySet().stream()
                .map(path -> "\"params/" + path + "\": \"all.safetensors\"")
                .collect(Collectors.joining(", ", "{\"weight_map\": {", "}}"));
        Files.writeString(shards.resolve("model.safetensors.index.json"), index);
        Outcome inspected = run("inspect", shards.toString());
        assertThat(inspected.code()).as(inspected.err()).isZero();
        assertThat(inspected.out()).contains("safetensors in shards", "sha256");
    }

    @Test
    void everyCommandHasHelpWithAnExample() {
        for (String command : List.of(
                "inspect",
                "convert",
                "tf2onnx",
                "verify",
                "predict",
                "serve",
                "bench",
                "train",
                "evaluate",
                "explain",
                "checkpoint",
                "demo",
                "dataset")) {
            Outcome help = run(command, "--help");
            assertThat(help.code()).isZero();
            assertThat(help.out()).contains("Usage: portolan " + command).containsPattern("Examples?:");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "tf2onnx"})
    void helpStatesTheTolerancesThatAreUsed(String command) {
        String help = run(command, "--help").out().replaceAll("\\s+", " ");
        for (WeightType type : WeightType.values()) {
            assertThat(help).contains(Tables.scientific(type.tolerance()) + " for " + type.label());
        }
    }

    @Test
    void wrongUsageIsExplained() {
        assertThat(run().code()).isEqualTo(2);
        assertThat(run("convert", CHECKPOINT)).satisfies(outcome -> {
            assertThat(outcome.code()).isEqualTo(2);
            assertThat(outcome.err())
                    .startsWith("portolan: ")
                    .contains("--output", "'portolan convert --help'")
                    .hasLineCount(2);
        });
        assertThat(run("convrt", CHECKPOINT)).satisfies(outcome -> {
            assertThat(outcome.code()).isEqualTo(2);
            assertThat(outcome.err()).contains("'convrt'", "Did you mean", "portolan convert");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"no pickle", "", "\u0089PNG"})
    void whatIsNoPickleIsRefused(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.pkl"), content);
        assertRefused(run("inspect", file.toString()), "bad.pkl");
        assertRefused(convert(file.toString()), "bad.pkl");
    }

    @Test
    void aTruncatedPickleIsRefusedWithThePlace() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN.checkpointFile());
        Path file = Files.write(folder.resolve("cut.pkl"), Arrays.copyOf(whole, whole.length / 2));
        assertRefused(convert(file.toString()), "cut.pkl", "byte");
    }

    @Test
    void aPickleThatNamesAFunctionIsRefusedAndNothingRuns() throws IOException {
        Path proof = folder.resolve("executed");
        String attack = "\u0080\u0002cos\nsystem\nX" + (char) (proof.toString().length() + 6) + "\0\0\0touch " + proof
                + "\u0085R.";
        Path file = Files.write(folder.resolve("attack.pkl"), attack.getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(convert(file.toString()), "attack.pkl", "os.system");
        assertThat(proof).doesNotExist();
    }

    @Test
    void aMissingFileIsNamed() {
        assertRefused(convert(folder.resolve("none.pkl").toString()), "none.pkl");
        assertRefused(run("predict", "none.onnx", demoImage().toString()), "none.onnx");
        assertRefused(run("inspect", CHECKPOINT, "--config", "none.json"), "none.json: no such file");
    }

    @Test
    void anIncompleteConfigurationSaysWhatToType() {
        assertRefused(run("convert", CHECKPOINT, "-o", model()), "does not say", "--set act_type=softplus");
    }

    @Test
    void aConfigurationThatIsNoJsonIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.json"), "{seq_len");
        assertRefused(run("convert", CHECKPOINT, "-o", model(), "--config", file.toString()), "bad.json", "JSON");
    }

    @Test
    void anOutputThatCannotBeWrittenIsRefusedBeforeTheWork() throws IOException {
        assertRefused(
                run("convert", CHECKPOINT, "-o", folder.resolve("no/model.onnx").toString(), "--config", config()),
                "does not exist");
        Path existing = Files.writeString(folder.resolve("model.onnx"), "precious");
        assertRefused(run("convert", CHECKPOINT, "-o", existing.toString(), "--config", config()), "--force");
        assertThat(existing).hasContent("precious");
    }

    @Test
    void predictSaysWhatADeviceNeeds() throws IOException {
        assumeFalse(OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA), "this build is for GPUs");
        assertRefused(run("predict", convert(), demoImage().toString(), "--device", "cuda"), "onnxruntime_gpu");
        assertThat(run("predict", model(), demoImage().toString(), "--device", "abacus")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void predictRefusesWhatIsNoModelAndWhatIsNoImage() throws IOException {
        Path text = Files.writeString(folder.resolve("text.png"), "hello");
        assertRefused(run("predict", text.toString(), text.toString()), "text.png");
        assertRefused(run("predict", convert(), text.toString()), "text.png");
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }

    private String convert() throws IOException {
        Outcome converted = run("convert", CHECKPOINT, "-o", model(), "--config", config(), "--force");
        assertThat(converted.code()).as(converted.err()).isZero();
        return model();
    }

    private Outcome convert(String checkpoint) {
        Outcome outcome = run("convert", checkpoint, "-o", model());
        assertThat(folder.resolve("model.onnx")).doesNotExist();
        return outcome;
    }

    private String model() {
        return folder.resolve("model.onnx").toString();
    }

    private String config() throws IOException {
        return Files.writeString(folder.resolve("config.json"), GOLDEN.configJson())
                .toString();
    }

    private static Path demoImage() {
        return Path.of("src/main/resources/demo/images/connected_0.png");
    }

    private void assertRefused(Outcome outcome, String... words) {
        assertThat(outcome.code()).as(outcome.out()).isEqualTo(1);
        assertThat(outcome.err().strip())
                .startsWith("portolan: ")
                .doesNotContain("\n")
                .doesNotContain("internal error")
                .contains(words);
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    private static Outcome run(String... arguments) {
        return Outcome.of(arguments);
    }
}
