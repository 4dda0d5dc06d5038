package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxModelTest {
    private static final Tensor A = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    private static final Tensor B = Tensor.of(new float[] {10, 20, 30, 40}, 2, 2);

    @TempDir
    private Path folder;

    @Test
    void runsAFileWithSeveralInputsAndOutputs() {
        try (OnnxModel model = OnnxModel.load(TinyModels.save(folder, TinyModels.sumAndDifference()))) {
            Map<String, Tensor> outputs = model.run(Map.of("b", B, "a", A));

            assertThat(outputs.keySet()).containsExactly("sum", "difference");
            assertThat(outputs.get("sum").shape()).containsExactly(2, 2);
            assertThat(outputs.get("sum").floats()).containsExactly(11, 22, 33, 44);
            assertThat(outputs.get("difference").floats()).containsExactly(-9, -18, -27, -36);
        }
    }

    @ParameterizedTest
    @EnumSource(GraphOptimization.class)
    void computesTheSameAtEveryOptimization(GraphOptimization optimization) {
        RuntimeOptions options =
                RuntimeOptions.defaults().withOptimization(optimization).withThreads(1);
        try (OnnxModel model = load(TinyModels.sumAndDifference(), options)) {
            assertThat(model.run(Map.of("a", A, "b", B)).get("sum").floats()).containsExactly(11, 22, 33, 44);
        }
    }

    @Test
    void tellsItsShapesAndMetadata() {
        ModelProto.Builder described =
                TinyModels.describe(TinyModels.sumAndDifference(), Map.of("author", "Ren\u00e9"));
        try (OnnxModel model = load(described, RuntimeOptions.defaults())) {
            assertThat(model.inputs().keySet()).containsExactly("a", "b");
            assertThat(model.inputs().get("a").shape()).containsExactly(-1, 2);
            assertThat(model.outputs().get("difference").shape()).containsExactly(-1, 2);
            assertThat(model.metadata()).containsExactly(Map.entry("author", "Ren\u00e9"));
        }
    }

    @Test
    void runsScalarsAndEmptyTensors() {
        Tensor scalar = Tensor.of(new float[] {3});
        try (OnnxModel model = load(TinyModels.unary("Neg", TensorProto.DataType.FLOAT), RuntimeOptions.defaults())) {
            assertThat(model.run(Map.of("in", scalar)).get("out")).isEqualTo(Tensor.of(new float[] {-3}));
        }
        Tensor empty = Tensor.of(new float[0], 0, 2);
        try (OnnxModel model = load(TinyModels.sumAndDifference(), RuntimeOptions.defaults())) {
            assertThat(model.run(Map.of("a", empty, "b", empty)).get("sum")).isEqualTo(empty);
        }
    }

    /** ONNX Runtime's LSTM aborts the process if the batch is empty. */
    @Test
    void recurrentLayersDoNotGetEmptyInputs() {
        byte[] recurrent = TinyModels.recurrent().build().toByteArray();
        try (OnnxModel model = OnnxModel.load("sum", recurrent, RuntimeOptions.defaults())) {
            assertThat(model.run(Map.of("x", Tensor.of(new float[] {1, 2, 3}, 3, 1, 1)))
                            .get("last")
                            .floats())
                    .containsExactly(6);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.run(Map.of("x", Tensor.of(new float[0], 3, 0, 1))))
                    .withMessageContaining("is empty");
        }
    }

    @Test
    void namesTheInputsThatItExpects() {
        try (OnnxModel model = load(TinyModels.sumAndDifference(), RuntimeOptions.defaults())) {
            assertThatThrownBy(() -> model.run(Map.of("a", A, "c", B)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("takes inputs [a, b]");
        }
    }

    @Test
    void namesTheShapeThatItExpects() {
        Tensor wide = Tensor.of(new float[4], 1, 4);
        try (OnnxModel model = load(TinyModels.sumAndDifference(), RuntimeOptions.defaults())) {
            assertThatThrownBy(() -> model.run(Map.of("a", wide, "b", B)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("input 'a' has shape (?, 2), not (1, 4)");
        }
    }

    @Test
    void namesTheDimensionOnWhichInputsDisagree() {
        Tensor three = Tensor.of(new float[6], 3, 2);
        try (OnnxModel model = load(TinyModels.sumAndDifference(), RuntimeOptions.defaults())) {
            assertThatThrownBy(() -> model.run(Map.of("a", A, "b", three)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("tiny: dimension N is ");
        }
    }

    @Test
    void wrapsAFailureOfTheRuntimeInOneLine() {
        Tensor negative = Tensor.allocate(ElementType.INT64, 1);
        negative.writable().putLong(-7);
        try (OnnxModel model = load(TinyModels.expand(), RuntimeOptions.defaults())) {
            assertOneLine(
                    () -> model.run(Map.of("x", Tensor.of(new float[1], 1), "s", negative)), "failed while running");
        }
    }

    @Test
    void takesInputsWithADefaultOrLeavesThem() {
        try (OnnxModel model = load(TinyModels.optionalBias(), RuntimeOptions.defaults())) {
            Tensor x = Tensor.of(new float[] {1, 2}, 2);
            assertThat(model.inputs()).containsOnlyKeys("x");
            assertThat(model.optionalInputs()).containsOnlyKeys("bias");
            assertThat(model.run(Map.of("x", x)).get("y").floats()).containsExactly(6, 7);
            assertThat(model.run(Map.of("x", x, "bias", Tensor.of(new float[] {10}, 1)))
                            .get("y")
                            .floats())
                    .containsExactly(11, 12);
            assertThat(model.run(Map.of("x", x)).get("y").floats()).containsExactly(6, 7);
        }
    }

    @Test
    void refusesAMissingFile() {
        assertOneLine(() -> OnnxModel.load(folder.resolve("absent.onnx")), "absent.onnx: no such file");
    }

    @Test
    void refusesAFileThatIsNoModel() throws IOException {
        Path file = Files.writeString(folder.resolve("notes.onnx"), "this is a letter, not a graph");

        assertOneLine(() -> OnnxModel.load(file), "notes.onnx: not an ONNX file");
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        Path file = Files.createFile(folder.resolve("empty.onnx"));

        assertOneLine(() -> OnnxModel.load(file), "empty.onnx: ");
    }

    @Test
    void refusesATruncatedModel() {
        byte[] whole = TinyModels.sumAndDifference().build().toByteArray();
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        assertOneLine(() -> OnnxModel.load("half", half, RuntimeOptions.defaults()), "half: not an ONNX file");
    }

    @Test
    void refusesAnUnknownOperator() {
        assertOneLine(
                () -> load(TinyModels.unary("Frobnicate", TensorProto.DataType.FLOAT, 1), RuntimeOptions.defaults()),
                "Frobnicate");
    }

    @Test
    void saysWhatCudaNeeds() {
        boolean buildHasCuda = OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
        assumeFalse(
                buildHasCuda && Files.exists(Path.of("/dev/nvidiactl")), "there is a GPU, and this build can use it");
        assertOneLine(
                () -> load(
                        TinyModels.sumAndDifference(), RuntimeOptions.defaults().withDevice(Device.CUDA)),
                buildHasCuda ? "CUDA cannot be loaded; install CUDA 12" : "onnxruntime_gpu");
    }

    /** As with CUDA, where a node that it cannot run would go to the CPU: here all of them do. */
    @Test
    void nothingFallsBackToTheCpuInSilence() throws OrtException {
        byte[] model = TinyModels.sumAndDifference().build().toByteArray();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            OrtSessions.forbidCpu(options);
            assertThatThrownBy(() -> OrtSessions.environment()
                            .createSession(model, options)
                            .close())
                    .isInstanceOfSatisfying(
                            OrtException.class,
                            refused -> assertThat(OrtSessions.explanation(refused))
                                    .startsWith("has operators that CUDA cannot run"));
        }
    }

    @Test
    void refusesEveryUseAfterClose() {
        OnnxModel model = load(TinyModels.sumAndDifference(), RuntimeOptions.defaults());
        model.close();
        model.close();

        assertThatThrownBy(() -> model.run(Map.of("a", A, "b", B)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tiny is closed");
        assertThatThrownBy(model::inputs).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(model::outputs).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(model::metadata).isInstanceOf(IllegalStateException.class);
    }

    private static OnnxModel load(ModelProto.Builder model, RuntimeOptions options) {
        return OnnxModel.load("tiny", model.build().toByteArray(), options);
    }

    private static void assertOneLine(ThrowingCallable call, String part) {
        assertThatThrownBy(call)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(part)
                .message()
                .doesNotContain("\n");
    }
}
