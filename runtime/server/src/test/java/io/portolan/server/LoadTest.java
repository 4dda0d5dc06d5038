package io.portolan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.images.ImageInput;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.PerformanceMode;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** 200 clients at a time, on this machine: everyone is answered, and with one's own answer. */
class LoadTest {
    private static final int CLIENTS = 200;

    private static final int ROUNDS = 3;

    /** A model to measure instead of a tiny one; its table is printed. */
    private static final String MODEL = System.getProperty("load.model");

    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void secondsOfLoad() throws IOException {
        assertNoErrors(Duration.ofSeconds(2), RuntimeOptions.defaults(), Batching.defaults());
    }

    @Test
    @Tag("slow")
    @Timeout(300)
    void aMinuteOfLoad() throws IOException {
        assertNoErrors(Duration.ofSeconds(60), RuntimeOptions.defaults(), Batching.defaults());
    }

    /**
     * 200 clients with one that sends inputs that once crashed the server: no answer is lost, and the 99th percentile of the times
     * at most doubles. Quiet and hostile runs alternate, so that other load on the machine affects both.
     */
    @Test
    @Tag("slow")
    @Timeout(600)
    void oneHostileClientAmongThem() throws IOException {
        Map<String, Path> models = Map.of(
                "m", TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(32, 32)),
                "blow", TinyModels.save(Files.createDirectory(folder.resolve("blow")), TinyModels.expand()));
        double[] quiet = new double[ROUNDS];
        double[] beside = new double[ROUNDS];
        try (InferenceServer server = InferenceServer.start(models, RuntimeOptions.defaults(), TestServer.OPTIONS)) {
            run(server, models.get("m"), Duration.ofSeconds(5));
            for (int round = 0; round < ROUNDS; round++) {
                quiet[round] = run(server, models.get("m"), Duration.ofSeconds(15));
                HostileClient hostile = new HostileClient(server.uri(), "blow");
                beside[round] = run(server, models.get("m"), Duration.ofSeconds(15));
                System.out.println("the hostile client was answered " + hostile.end());
            }
        }
        Arrays.sort(quiet);
        Arrays.sort(beside);
        assertThat(beside[ROUNDS / 2]).isLessThan(2 * quiet[ROUNDS / 2]);
    }

    /** The 99th percentile, in milliseconds. */
    private static double run(InferenceServer server, Path model, Duration duration) {
        Map.Entry<String, long[]> input = input(model);
        Load.Outcome outcome = new Load(server.uri().resolve("/v2/models/m/infer"), input.getKey(), input.getValue())
                .run(CLIENTS, duration);
        System.out.println(outcome);
        assertThat(outcome.errors()).isEmpty();
        return outcome.latency().percentile(99);
    }

    /** For docs/performance.md, with a model that takes its time. */
    @Test
    @Tag("slow")
    @EnabledIfSystemProperty(
            named = "load.model",
            matches = ".+",
            disabledReason = "measures the model that load.model names")
    @Timeout(600)
    void whatSharingRunsBrings() throws IOException {
        Duration each = Duration.ofSeconds(20);
        for (PerformanceMode mode : PerformanceMode.values()) {
            RuntimeOptions runtime = RuntimeOptions.defaults().withMode(mode);
            for (int maxBatch : new int[] {1, 4, 16}) {
                System.out.printf("%-10s max-batch %2d: ", mode.name().toLowerCase(Locale.ROOT), maxBatch);
                assertNoErrors(each, runtime, new Batching(maxBatch, Duration.ZERO));
            }
        }
    }

    private void assertNoErrors(Duration duration, RuntimeOptions runtime, Batching batching) throws IOException {
        Path file = MODEL == null ? TinyModels.save(folder, TinyModels.OPEN, ImageInput.still(32, 32)) : Path.of(MODEL);
        Map.Entry<String, long[]> input = input(file);
        try (InferenceServer server =
                InferenceServer.start(Map.of("m", file), runtime, TestServer.OPTIONS.withBatching(batching))) {
            Load.Outcome outcome = new Load(
                            server.uri().resolve("/v2/models/m/infer"), input.getKey(), input.getValue())
                    .run(CLIENTS, duration);
            System.out.println(outcome);
            assertThat(outcome.errors()).isEmpty();
            assertThat(outcome.latency().runs()).isGreaterThan(CLIENTS);
        }
    }

    private static Map.Entry<String, long[]> input(Path file) {
        try (OnnxModel model = OnnxModel.load(file, RuntimeOptions.defaults())) {
            String name = model.inputs().keySet().iterator().next();
            long[] shape = model.inputs().get(name).shape();
            shape[0] = 1;
            return Map.entry(name, shape);
        }
    }
}
