package io.portolan.converter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On files that Portolan did not write. */
class BenchCommandTest {
    @TempDir
    private Path folder;

    @Test
    void comparesModelsInATable() throws IOException {
        Outcome bench = Outcome.of("bench", model("one.onnx", 1), model("two.onnx", 1),
                "--batch", "1,2", "--threads", "2", "--runs", "6", "--starts", "1");

        assertThat(bench.code()).as(bench.err()).isZero();
        assertThat(bench.out())
                .containsPattern("one.onnx +latency +2 +1 +6 ")
                .containsPattern("two.onnx +throughput +2 +2 +5 ")
                .contains("p99", "samples/s", "p50 over 1st model", "after 5 warm-up runs each", "start to first prediction");
        assertThat(bench.err()).contains("loading 2 models", "starting fresh processes");
    }

    @Test
    void givesTheSameFiguresAsJson() throws IOException {
        Outcome bench = Outcome.of("bench", model("one.onnx", 1), model("two.onnx", 1),
                "--batch", "3", "--threads", "1", "--runs", "9", "--warmup", "1", "--starts", "0", "--json");

        assertThat(bench.code()).as(bench.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(bench.out());
        assertThat(report.get("warm_up_runs").asInt()).isEqualTo(1);
        assertThat(report.get("cold_starts")).isEmpty();
        assertThat(report.get("measurements")).hasSize(2);
        JsonNode first = report.get("measurements").get(0);
        JsonNode second = report.get("measurements").get(1);
        assertThat(first.get("goal").asText()).isEqualTo("latency");
        assertThat(first.get("runs").asInt()).isEqualTo(5);
        assertThat(first.get("p50_ms").asDouble()).isBetween(first.get("min_ms").asDouble(), first.get("p99_ms").asDouble());
        // Three samples in the median time.
        assertThat(first.get("samples_per_second").asDouble() * first.get("p50_ms").asDouble()).isBetween(2999.999, 3000.001);
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
        assertThat(Outcome.of("bench", model, "--starts", "1", "--runs", "5", "--open-axes", "4").code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--batch=0", "--batch=x", "--threads=-1", "--runs=0", "--warmup=-1", "--starts=-1", "--open-axes=0"})
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

    /** Negates a matrix with so many open axes, of two. */
    private String model(String name, int openAxes) throws IOException {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
                .addDim(openAxes == 2
                        ? TensorShapeProto.Dimension.newBuilder().setDimParam("M")
                        : TensorShapeProto.Dimension.newBuilder().setDimValue(5))
                .build();
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(GraphProto.newBuilder()
                        .setName("negation")
                        .addInput(matrix("in", shape))
                        .addOutput(matrix("out", shape))
                        .addNode(NodeProto.newBuilder().setOpType("Neg").addInput("in").addOutput("out")))
                .build();
        return Files.write(folder.resolve(name), model.toByteArray()).toString();
    }

    private static ValueInfoProto matrix(String name, TensorShapeProto shape) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
                .build();
    }
}
