package io.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways to export one trained checkpoint, 64 pixels wide. */
class ConvertOptionsTest {
    private static final GoldenCase GOLDEN = GoldenCase.named("pathfinder_64");

    @TempDir
    private Path folder;

    private Path convert(String... options) throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), GOLDEN.configJson());
        Path model = folder.resolve("model.onnx");
        List<String> arguments = new ArrayList<>(List.of(
                "convert",
                GOLDEN.checkpointFile().toString(),
                "--config",
                config.toString(),
                "-o",
                model.toString(),
                "--force"));
        arguments.addAll(List.of(options));
        Outcome converted = Outcome.of(arguments.toArray(String[]::new));
        assertThat(converted.code()).as(converted.err()).isZero();
        return model;
    }

    /** The file shrinks as the weights do, and verify shows the price: bounds of twice what was measured. Half of so small a file is names. */
    @ParameterizedTest
    @CsvSource({"float16, 0.75, 2e-3", "int8, 0.65, 3e-2"})
    void smallerWeightsMakeASmallerFileAndCostAccuracy(String type, double size, double difference) throws IOException {
        long whole = Files.size(convert("--no-verify"));
        Path model = convert("--dtype", type);
        assertThat((double) Files.size(model) / whole).isLessThan(size);

        Outcome verified = Outcome.of(
                "verify",
                GOLDEN.checkpointFile().toString(),
                model.toString(),
                "--json",
                "--data",
                GOLDEN.file("validation.npz").toString());
        assertThat(verified.code()).as(verified.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(verified.out());
        assertThat(report.get("comparisons").get(0).get("form").asText()).isEqualTo("ONNX, fused");
        assertThat(report.get("comparisons").get(0).get("maxAbsolute").asDouble())
                .isBetween(2e-5, difference);
        assertThat(report.get("comparisons").get(1).get("form").asText()).isEqualTo("TensorFlow, fused");
        assertThat(report.get("comparisons").get(1).get("maxAbsolute").asDouble())
                .isLessThan(2e-5);
        double expected = report.get("accuracies")
                .get("TensorFlow, fused")
                .get("accuracy")
                .asDouble();
        assertThat(expected).isGreaterThan(0.95);
        assertThat(report.get("accuracies").get("ONNX, fused").get("accuracy").asDouble())
                .isGreaterThan(expected - 0.02);
    }

    @Test
    void aFixedBatchIsInTheFileAndAnyNumberOfSamplesStillRuns() throws IOException {
        Path model = convert("--batch", "3");
        try (OnnxModel onnx = OnnxModel.load(model)) {
            assertThat(onnx.inputs().values()).extracting(TensorSpec::shape).containsExactly(new long[] {3, 64, 64, 3});
        }
        Outcome verified = Outcome.of("verify", GOLDEN.checkpointFile().toString(), model.toString(), "--samples", "5");
        assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
    }

    @Test
    void stepsMayBeAScanOfAnyLength() throws IOException {
        long unrolled = Files.size(convert("--no-verify", "--frames", "40", "--scan", "unrolled"));
        assertThat(Files.size(convert("--frames", "40")))
                .as("forty steps in one scan")
                .isLessThan(unrolled * 7 / 10);
        Path model = convert("--set", "input=video", "--frames", "dynamic");
        try (OnnxModel onnx = OnnxModel.load(model)) {
            assertThat(onnx.inputs().values())
                    .extracting(TensorSpec::shape)
                    .containsExactly(new long[] {-1, -1, 64, 64, 3});
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--frames=dynamic                                        | the model takes still images",
                "--set=input=video --frames=dynamic --plan=faithful      | the faithful plan unrolls every step",
                "--set=input=video --frames=dynamic --scan=unrolled      | cannot be unrolled",
                "--frames=0                                              | expected a number of steps or 'dynamic', got '0'",
            })
    void waysThroughTimeThatThereAreNotAreRefused(String options, String message) throws IOException {
        Path config = Files.writeString(folder.resolve("config.json"), GOLDEN.configJson());
        List<String> arguments = new ArrayList<>(List.of(
                "convert",
                GOLDEN.checkpointFile().toString(),
                "--config",
                config.toString(),
                "-o",
                folder.resolve("x.onnx").toString()));
        arguments.addAll(List.of(options.split(" +")));
        Outcome refused = Outcome.of(arguments.toArray(String[]::new));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains(message);
        assertThat(folder.resolve("x.onnx")).doesNotExist();
    }

    @Test
    void transformsMayBeOnnxsOwn() throws IOException {
        convert("--fft", "dft");

        Outcome tooOld = Outcome.of(
                "convert",
                GOLDEN.checkpointFile().toString(),
                "--config",
                folder.resolve("config.json").toString(),
                "-o",
                folder.resolve("old.onnx").toString(),
                "--fft",
                "dft",
                "--opset",
                "13");
        assertThat(tooOld.code()).isEqualTo(1);
        assertThat(tooOld.err()).contains("DFT", "Give --opset 17 or newer");
        assertThat(folder.resolve("old.onnx")).doesNotExist();
    }

    @Test
    void aFileMayBeForOpenCv() throws IOException {
        try (OnnxModel onnx = OnnxModel.load(convert("--target", "opencv"))) {
            assertThat(onnx.inputs().values()).extracting(TensorSpec::shape).containsExactly(new long[] {1, 64, 64, 3});
        }
        try (OnnxModel onnx = OnnxModel.load(convert("--target", "opencv", "--batch", "dynamic"))) {
            assertThat(onnx.inputs().values()).extracting(TensorSpec::shape).containsExactly(new long[] {-1, 64, 64, 3
            });
        }

        Outcome unknown = Outcome.of(
                "convert",
                GOLDEN.checkpointFile().toString(),
                "--config",
                folder.resolve("config.json").toString(),
                "-o",
                folder.resolve("dft.onnx").toString(),
                "--target",
                "opencv",
                "--fft",
                "dft");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("opencv does not support", "--target", "DFT (leave out --fft dft)");
        assertThat(folder.resolve("dft.onnx")).doesNotExist();
    }

    /** Without any pass that may be left out, the model is larger but computes the same. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"none", "all,-pool-by-phases,-softplus-by-series", "sink-transposes,drop-dead-code"})
    void passesCanBeLeftOut(String passes) throws IOException {
        convert("--passes", passes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--passes | all,-nonsense        | there is no pass 'nonsense'; there are fold-constants",
                "--passes | all,-fourier-as-matmul | there is no pass 'fourier-as-matmul'",
                "--batch  | 0                    | expected a batch size or 'dynamic', got '0'",
                "--batch  | many                 | expected a batch size or 'dynamic', got 'many'",
                "--dtype  | float8               | expected one of [FLOAT32, FLOAT16, INT8]",
            })
    void whatIsNoOptionIsRefused(String option, String value, String message) {
        Outcome refused = Outcome.of(
                "convert",
                GOLDEN.checkpointFile().toString(),
                "-o",
                folder.resolve("x.onnx").toString(),
                option,
                value);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains(message);
        assertThat(folder).isEmptyDirectory();
    }
}
