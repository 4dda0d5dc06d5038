package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.programs.GoldenProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JaxToOnnxCommandTest {
    @TempDir
    private Path folder;

    private String file(String program, String name) throws IOException {
        byte[] bytes = new GoldenProgram(program).bytes(name);
        return Files.write(folder.resolve(name.replace(".gz", "")), bytes).toString();
    }

    private String model() {
        return folder.resolve("model.onnx").toString();
    }

    @Test
    void aProgramWithItsParametersBecomesAFileThatXlaAgreesWith() throws Exception {
        Outcome run = Outcome.of(
                "jax2onnx", file("mlp", "program.jaxexport"), "--params", file("mlp", "params.pkl"), "-o", model());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("jax.export, VHLO", "accepted by the ONNX checker", "against XLA on", "wrote " + model());
        assertThat(Path.of(model())).isRegularFile();
    }

    @Test
    void textIsComparedWithWhatJaxComputed() throws Exception {
        Outcome run = Outcome.of(
                "jax2onnx",
                file("scan", "program.mlir.gz"),
                "--sample",
                file("scan", "io.npz"),
                "-o",
                model(),
                "--json");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("operators").has("Scan")).isTrue();
        assertThat(report.get("parity").get(0).get("maxRelative").asDouble()).isLessThan(1e-6);
    }

    @Test
    void allThatCannotBeConvertedIsNamed() throws Exception {
        Outcome run = Outcome.of("jax2onnx", file("refused_svd", "program.jaxexport"), "-o", model());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("operations that cannot be converted", "@lapack_sgesdd_ffi");
        assertThat(Path.of(model())).doesNotExist();
    }

    @Test
    void whatXlaCannotRunNeedsSamples() throws Exception {
        Outcome run = Outcome.of("jax2onnx", file("linear_algebra", "program.jaxexport"), "-o", model());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("--sample FILE.npz");
        assertThat(Path.of(model())).doesNotExist();
    }

    @Test
    void parametersOfAnotherModelAreNamed() throws Exception {
        Outcome run = Outcome.of(
                "jax2onnx", file("mlp", "program.jaxexport"), "--params", file("gru", "params.pkl"), "-o", model());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("the checkpoint lacks [0]", "the program does not take");
    }

    @Test
    void aProgramBecomesASavedModelToo() throws Exception {
        Path saved = folder.resolve("saved");
        Outcome run = Outcome.of("jax2onnx", file("scan", "program.jaxexport"), "--saved-model", saved.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(saved.resolve("saved_model.pb")).isRegularFile();
    }

    @Test
    void anOutputMustBeGiven() throws Exception {
        Outcome run = Outcome.of("jax2onnx", file("scan", "program.jaxexport"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("-o MODEL.onnx");
    }

    @Test
    void somethingElseIsRefusedInOneLine() throws Exception {
        Path other = Files.writeString(folder.resolve("other"), "hello");
        Outcome run = Outcome.of("jax2onnx", other.toString(), "-o", model());
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    @Test
    void inspectShowsAProgram() throws Exception {
        Outcome run = Outcome.of("inspect", file("lstm", "program.jaxexport"));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "jax.export, VHLO",
                        "[0]['params']['Dense_0']['kernel']",
                        "f32[8, 3]",
                        "stablehlo.while",
                        "FLOPs");
        JsonNode json = new ObjectMapper()
                .readTree(Outcome.of("inspect", file("lstm", "program.jaxexport"), "--json")
                        .out());
        assertThat(json.get("operations").get("stablehlo.dot_general").asInt()).isEqualTo(3);
    }
}
