package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code portolan bench} on files that Portolan did not write. */
class BenchCommandTest {
    @TempDir
    private Path folder;

    @Test
    void comparesModelsInATable() throws IOException {
        Outcome bench = Outcome.of(
                "bench",
                model("one.onnx", 1),
                model("two.onnx", 1),
                "--batch",
                "1,2",
                "--threads",
                "2",
                "--runs",
                "6",
                "--starts",
                "1");

        assertThat(bench.code()).as(bench.err()).isZero();
        assertThat(bench.out())
                .containsPattern("one.onnx +latency +2 +1 +6 ")
                .containsPattern("two.onnx +throughput +2 +2 +5 ")
                .contains(
                        "p99",
                        "samples/s",
                        "p50 over 1st model",
                        "after 5 warm-up runs each",
                        "start to first prediction");
        assertThat(bench.err()).contains("loading 2 models", "starting fresh processes");
    }

    @Test
    void givesTheSameFiguresAsJson() throws IOException {
        Outcome bench = Outcome.of(
                "bench",
                model("one.onnx", 1),
                model("two.onnx", 1),
                "--batch",
                "3",
                "--threads",
                "1",
                "--runs",
                "9",
                "--warmup",
                "1",
                "--starts",
                "0",
                "--json");

        assertThat(bench.code()).as(bench.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(bench.out());
        assertThat(report.get("warm_up_runs").asInt()).isEqualTo(1);
        assertThat(report.get("cold_starts")).isEmpty();
        assertThat(report.get("measurements")).hasSize(2);
        JsonNode first = report.get("measurements").get(0);
        JsonNode second = report.get("measurements").get(1);
        assertThat(first.get("goal").asText()).isEqualTo("latency");
        assertThat(first.get("runs").asInt()).isEqualTo(5);
        assertThat(first.get("p50_ms").asDouble())
                .isBetween(first.get("min_ms").asDouble(), first.get("p99_ms").asDouble());
        // Three samples in the median time.
        assertThat(first.get("samples_per_second").asDouble()
                        * first.get("p50_ms").asDouble())
                .isBetween(2999.999, 3000.001);
        assertThat(first.get("time_over_first_model").asDouble()).isEqualTo(1);
        assertThat(second.get("time_over_first_model").asDouble())
                .isEqualTo(second.get("p50_ms").asDouble() / first.get("p50_ms").asDouble());
    }

    @Test
    void asksForTheSizeOfOpenAxes() throws IOException {
        String model = model("open.onnx", 2);

        Outcome refused = Outcome.of("bench", model, "--starts", "0");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("leaves axis 1 open", "--open-axes");
        assertThat(Outcome.of("bench", model, "--starts", "1", "--runs", "5", "--open-axes", "4")
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--batch=0",
                "--batch=x",
                "--threads=-1",
                "--runs=0",
                "--warmup=-1",
                "--starts=-1",
                "--open-axes=0"
            })
    void refusesNumbersThatMakeNoSense(String option) throws IOException {
        assertThat(Outcome.of("bench", model("one.onnx", 1), option).code()).isEqualTo(2);
    }

    @Test
    void namesTheFileThatIsNoModel() throws IOException {
        Path letter = Files.writeString(folder.resolve("letter.onnx"), "Dear reader");

        Outcome refused = Outcome.of("bench", letter.toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("letter.onnx: not an ONNX file").doesNotContain("internal error");
    }

    private String model(String name, int openAxes) throws IOException {
        return NegationModel.save(folder.resolve(name), openAxes).toString();
    }
}
