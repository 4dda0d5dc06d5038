package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.converter.source.TensorFlowModel;
import io.portolan.converter.tensorflow.Network;
import io.portolan.converter.tensorflow.Networks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

class TensorFlowToOnnxCommandTest {
    @TempDir
    private Path folder;

    private String model() {
        return folder.resolve("model.onnx").toString();
    }

    private Path saved() throws IOException {
        Path saved = folder.resolve("saved");
        try (Network net = Networks.perceptron()) {
            net.save(saved, "serving_default");
        }
        return saved;
    }

    private Path frozen() throws Exception {
        Path file = folder.resolve("frozen.pb");
        try (Network net = Networks.spectrogram();
                TensorFlowModel model = net.model()) {
            Files.write(file, model.graph().toByteArray());
        }
        return file;
    }

    @Test
    void aSavedModelBecomesAFile() throws Exception {
        Path report = folder.resolve("report.html");
        Outcome run = Outcome.of("tf2onnx", saved().toString(), "-o", model(), "--report", report.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "read",
                        "[features] to [class, probabilities]",
                        "accepted by the ONNX checker",
                        "largest relative difference",
                        "wrote " + model());
        assertThat(Path.of(model())).isRegularFile();
        assertThat(report).content().contains("<td>probabilities</td>");
    }

    @Test
    void aScriptGetsJson() throws Exception {
        Outcome run = Outcome.of("tf2onnx", frozen().toString(), "-o", model(), "--opset", "15", "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("opset").asInt()).isEqualTo(15);
        assertThat(report.get("inputs").get("samples").asText()).isEqualTo("FLOAT(batch, 1000)");
        assertThat(report.get("parity").get(0).get("maxRelative").asDouble()).isLessThan(3e-6);
        assertThat(run.err()).contains("verify");
    }

    @Test
    void whatEveryExportHasAChoiceOfCanBeChosenHereToo() throws Exception {
        Outcome run = Outcome.of(
                "tf2onnx",
                frozen().toString(),
                "-o",
                model(),
                "--fft",
                "dft",
                "--batch",
                "3",
                "--dtype",
                "float16",
                "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("operators").has("DFT")).isTrue();
        assertThat(report.get("inputs").get("samples").asText()).isEqualTo("FLOAT(3, 1000)");
        assertThat(report.get("parity").get(0).get("maxRelative").asDouble()).isLessThan(5e-3);
    }

    @Test
    void inputsAndOutputsOfAGraphDefCanBeChosen() throws Exception {
        Path file = folder.resolve("two.pb");
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
            var middle = tf.withName("middle").math.exp(x);
            tf.withName("end").random.randomShuffle(middle);
            Files.write(file, graph.toGraphDef().toByteArray());
        }
        Outcome whole = Outcome.of("tf2onnx", file.toString(), "-o", model());
        assertThat(whole.code()).isEqualTo(1);
        assertThat(whole.err()).contains("RandomShuffle at end").doesNotContain("Exception");
        assertThat(Path.of(model())).doesNotExist();
        Outcome part = Outcome.of(
                "tf2onnx", file.toString(), "--inputs", "x", "--outputs", "middle", "-o", model(), "--no-verify");
        assertThat(part.code()).as(part.err()).isZero();
        assertThat(part.out()).doesNotContain("verify");
    }

    @Test
    void aLineThatWasWrittenForTf2onnxWorks() throws Exception {
        Path saved = folder.resolve("images");
        try (Network net = Networks.convolutional()) {
            net.save(saved, "serving_default");
        }
        Outcome run = Outcome.of(
                "tf2onnx",
                "--saved-model",
                saved.toString(),
                "--tag",
                "serve",
                "--signature_def",
                "serving_default",
                "--inputs-as-nchw",
                "image",
                "--rename-inputs",
                "pixels",
                "--rename-outputs",
                "scores",
                "--output",
                model(),
                "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("inputs").get("pixels").asText()).isEqualTo("FLOAT(batch, 1, 28, 28)");
        assertThat(report.get("parity").get(0).get("output").asText()).isEqualTo("scores");
        assertThat(report.get("parity").get(0).get("maxRelative").asDouble()).isLessThan(3e-6);
    }

    @Test
    void aTensorThatIsNamedMayHaveAShape() throws Exception {
        Outcome run = Outcome.of(
                "tf2onnx", "--graphdef", frozen().toString(), "--inputs", "samples:0[3,1000]", "-o", model(), "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("inputs").get("samples").asText()).isEqualTo("FLOAT(3, 1000)");
    }

    @Test
    void anInputThatIsAlwaysTheSameIsAConstant() throws Exception {
        Path file = folder.resolve("dropout.pb");
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Placeholder<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
            Placeholder<TFloat32> keep =
                    tf.withName("keep_prob").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
            var random = tf.random.randomUniform(tf.shape(x), TFloat32.class);
            var mask = tf.math.floor(tf.math.add(keep, random));
            tf.withName("y").math.mul(tf.math.div(tf.math.exp(x), keep), mask);
            Files.write(file, graph.toGraphDef().toByteArray());
        }
        Outcome refused = Outcome.of("tf2onnx", file.toString(), "-o", model());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("random numbers differ", "--constant INPUT=VALUE");
        Outcome run = Outcome.of("tf2onnx", file.toString(), "--constant", "keep_prob=1", "-o", model(), "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("inputs").size()).isEqualTo(1);
        assertThat(report.get("operators").toString()).isEqualTo("{\"Exp\":1}");
    }

    @Test
    void valuesThatAreNoPairsAreRefusedInTheWordsOfTheOption() {
        Outcome run = Outcome.of("tf2onnx", "model.pb", "--constant", "keep_prob", "-o", model());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("portolan: --constant takes INPUT=VALUE, not 'keep_prob'\n");
    }

    @Test
    void aGraphModelOfTensorFlowJsBecomesAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("model.json"), """
                {"format": "graph-model", "modelTopology": {"node": [
                  {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"},
                   "shape": {"shape": {"dim": [{"size": "-1"}, {"size": "2"}]}}}},
                  {"name": "w", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}, "value": {"tensor":
                   {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "2"}, {"size": "1"}]}}}}},
                  {"name": "y", "op": "_FusedMatMul", "input": ["x", "w"], "attr": {"T": {"type": "DT_FLOAT"},
                   "fused_ops": {"list": {"s": ["UmVsdQ=="]}}}}]},
                 "signature": {"inputs": {"features": {"name": "x:0"}}, "outputs": {"score": {"name": "y:0"}}},
                 "weightsManifest": [{"paths": ["weights.bin"],
                   "weights": [{"name": "w", "dtype": "float32", "shape": [2, 1]}]}]}""");
        Files.write(folder.resolve("weights.bin"), new byte[] {0, 0, (byte) 128, 63, 0, 0, 0, 64});
        Outcome run = Outcome.of("tf2onnx", "--tfjs", file.toString(), "-o", model(), "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("outputs").get("score").asText()).isEqualTo("FLOAT(batch, 1)");
        assertThat(report.get("operators").has("Relu")).isTrue();
    }

    @Test
    void constantsGoToASecondFileOnDemand() throws Exception {
        assertThat(Outcome.of("tf2onnx", frozen().toString(), "-o", model(), "--external-data")
                        .code())
                .isZero();
        assertThat(folder.resolve("model.onnx.data")).isNotEmptyFile();
        Outcome again = Outcome.of("tf2onnx", frozen().toString(), "-o", model());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("--force");
        assertThat(Outcome.of("tf2onnx", frozen().toString(), "-o", model(), "--external-data", "--force")
                        .code())
                .isZero();
    }

    @Test
    void wrongUsageIsToldFromFailure() throws Exception {
        String source = frozen().toString();
        assertUsage(Outcome.of("tf2onnx", source, "-o", model(), "--opset", "12"), "expected 13 to 23");
        assertUsage(Outcome.of("tf2onnx", source, "-o", model(), "--shape", "samples=1,big"), "expected sizes such as");
        assertUsage(Outcome.of("tf2onnx", source), "--output");
        assertUsage(
                Outcome.of("tf2onnx", saved().toString(), "--outputs", "x", "--signature", "s", "-o", model()),
                "expected one of them");
        Outcome empty = Outcome.of("tf2onnx", folder.toString(), "-o", model());
        assertThat(empty.code()).isEqualTo(1);
        assertThat(empty.err()).contains("a folder without saved_model.pb");
        Outcome missing = Outcome.of("tf2onnx", folder.resolve("none.pb").toString(), "-o", model());
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("no such file");
    }

    @Test
    void namesAndLayoutsThatDoNotFitAreRefused() throws Exception {
        String saved = saved().toString();
        assertUsage(Outcome.of("tf2onnx", "-o", model()), "expected one MODEL");
        assertUsage(Outcome.of("tf2onnx", saved, "--saved-model", saved, "-o", model()), "expected one MODEL");
        Path keras = Files.createFile(folder.resolve("model.keras"));
        assertThat(Outcome.of("tf2onnx", keras.toString(), "-o", model()).err())
                .contains("expected a model that Keras has saved");
        Outcome names = Outcome.of("tf2onnx", saved, "--rename-outputs", "a,b,c", "-o", model());
        assertThat(names.code()).isEqualTo(1);
        assertThat(names.err()).contains("There are 2 outputs").doesNotContain("Exception");
        Outcome layout = Outcome.of("tf2onnx", saved, "--inputs-as-nchw", "features", "-o", model());
        assertThat(layout.code()).isEqualTo(1);
        assertThat(layout.err()).contains("cannot be made channels-first");
    }

    private static void assertUsage(Outcome run, String message) {
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }

    @Test
    void aDifferenceBeyondTheToleranceHasAnExitCodeOfItsOwn() throws Exception {
        Outcome run = Outcome.of("tf2onnx", averages().toString(), "-o", model(), "--tolerance", "1e-12");
        assertThat(run.code()).as(run.err()).isEqualTo(3);
        assertThat(run.err()).contains("not written, the conversion differs", "DIFFERS");
        assertThat(Path.of(model())).doesNotExist();
    }

    /** ONNX Runtime has no pooling of doubles, so it is computed in floats. */
    private Path averages() throws IOException {
        Path file = folder.resolve("averages.pb");
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            var x = tf.withName("x").placeholder(TFloat64.class, Placeholder.shape(Shape.of(-1, 4, 4, 1)));
            tf.withName("y").nn.avgPool(x, List.of(1L, 2L, 2L, 1L), List.of(1L, 2L, 2L, 1L), "VALID");
            Files.write(file, graph.toGraphDef().toByteArray());
        }
        return file;
    }
}
