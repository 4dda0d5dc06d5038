package io.portolan.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.portolan.runtime.Device;
import io.portolan.runtime.ModelException;
import io.portolan.runtime.PerformanceMode;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBenchTest {
    private static final OptionalLong NONE = OptionalLong.empty();
    private static final RuntimeOptions ONE_THREAD = RuntimeOptions.latency().withThreads(1);

    @TempDir
    private Path folder;

    @Test
    void measuresEveryModelInEverySettingWithoutMetadata() {
        Path open = TinyModels.save(folder, TinyModels.sumAndDifference());
        List<Integer> progress = new ArrayList<>();

        List<Measurement> measured = bench(List.of(open, open), List.of(1, 4), List.of(1, 2), 20, 2, NONE)
                .measure((done, of) -> progress.add(of - done));

        assertThat(measured).hasSize(2 * 3 * 2);
        assertThat(measured.subList(0, 6))
                .extracting(Measurement::setting)
                .containsExactly(
                        new Setting(PerformanceMode.LATENCY, 1, 1), new Setting(PerformanceMode.LATENCY, 1, 4),
                        new Setting(PerformanceMode.LATENCY, 2, 1), new Setting(PerformanceMode.LATENCY, 2, 4),
                        new Setting(PerformanceMode.THROUGHPUT, 2, 1), new Setting(PerformanceMode.THROUGHPUT, 2, 4));
        assertThat(measured.subList(0, 6)).extracting(Measurement::samples).containsExactly(1, 4, 1, 4, 2, 8);
        assertThat(measured)
                .extracting(measurement -> measurement.timings().runs())
                .containsOnly(20, 5);
        assertThat(measured)
                .allSatisfy(measurement ->
                        assertThat(measurement.samplesPerSecond()).isPositive());
        assertThat(progress).hasSize(6 * (20 + 2 + 5 + 2)).endsWith(0);
    }

    @Test
    void leavesAFixedBatchAlone() {
        Path fixed = TinyModels.save(folder, TinyModels.unary("Neg", DataType.FLOAT, 3, 2));

        assertThat(bench(List.of(fixed), List.of(1, 16), List.of(1), 6, 0, NONE).measure((done, of) -> {}))
                .singleElement()
                .satisfies(only -> assertThat(only.setting().batch()).isEqualTo(3));
    }

    @Test
    void asksForTheSizeOfOtherOpenAxes() {
        Path video = TinyModels.save(folder, TinyModels.unary("Neg", DataType.FLOAT, TinyModels.OPEN, TinyModels.OPEN));

        assertThatThrownBy(() -> bench(List.of(video), List.of(1), List.of(1), 5, 0, NONE)
                        .measure((done, of) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("input 'in' leaves axis 1 open");
        assertThat(bench(List.of(video), List.of(1), List.of(1), 5, 0, OptionalLong.of(7))
                        .measure((done, of) -> {}))
                .hasSize(1);
    }

    @Test
    void startsFreshProcesses() throws IOException {
        Path model = TinyModels.save(folder, TinyModels.sumAndDifference());
        List<String> progress = new ArrayList<>();

        ColdStart cold = ColdStart.measure(model, ONE_THREAD, NONE, List.of(4, 1), 2, () -> progress.add("."));

        assertThat(progress).hasSize(2);
        assertThat(cold.timings().runs()).isEqualTo(2);
        // Nothing starts a Java virtual machine in less, and a minute would be a hang.
        assertThat(cold.timings().min()).isBetween(10.0, 60_000.0);
        if (ProcessMemory.now().isPresent()) {
            assertThat(cold.memory().keySet()).containsExactly(1, 4);
            assertThat(cold.memory().get(4).peak())
                    .isGreaterThanOrEqualTo(cold.memory().get(4).resident());
            // ONNX Runtime's library alone has more than that.
            assertThat(cold.memory().get(1).resident()).isGreaterThan(20L << 20);
        }
    }

    @Test
    void tellsWhatAFreshProcessSaidWhenItFailed() throws IOException {
        Path broken = Files.writeString(folder.resolve("letter.onnx"), "not a model");

        assertThatThrownBy(() -> ColdStart.measure(broken, ONE_THREAD, NONE, List.of(), 1, () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("letter.onnx: not an ONNX file");
        assertThatThrownBy(() -> bench(List.of(broken), List.of(1), List.of(1), 5, 0, NONE)
                        .measure((done, of) -> {}))
                .isInstanceOf(ModelException.class);
    }

    private static ModelBench bench(
            List<Path> models,
            List<Integer> batches,
            List<Integer> threads,
            int runs,
            int warmUps,
            OptionalLong openAxes) {
        return new ModelBench(models, Device.CPU, batches, threads, runs, warmUps, openAxes);
    }
}
