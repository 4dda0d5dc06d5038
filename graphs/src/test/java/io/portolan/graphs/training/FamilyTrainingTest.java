package io.portolan.graphs.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.ops.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A model of each family learns the easiest level of Pathfinder from random weights, at 32 pixels in a thousand steps. Not
 * the vision transformer: it stays at chance with so few images.
 */
@Tag("slow")
class FamilyTrainingTest {
    private static final ImageSize SIZE = new ImageSize(32, 32);
    private static final String DATA = "generate:easiest:5000";
    private static final int BATCH = 32;
    private static final int STEPS = 1000;
    private static final int SEED = 1;

    private static final double LEARNED = 0.9;

    @TempDir
    private Path folder;

    static Stream<Map<String, String>> models() {
        Stream<Map<String, String>> cells = Stream.of(
                        "transformer", "hgru_bi", "gated", "spectral_mamba", "deltanet", "gdn")
                .map(cell -> Map.of("cssm_type", cell, "embed_dim", "16", "kernel_size", "9", "pool_type", "max"));
        Map<String, String> hgru =
                Map.of("arch", "hgru", "channels", "8", "kernel_size", "9", "seq_len", "6", "bn_decay", "0.98");
        return Stream.concat(cells, Stream.of(hgru));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aModelLearnsTheEasiestLevel(Map<String, String> fields) throws IOException {
        ModelConfig config = ConfigResolver.fromScratch(new LinkedHashMap<>(fields), Optional.empty(), SIZE);
        assertThat(train(config)).isTrue();

        double accuracy = accuracyOnTheTestPart(config);
        System.out.printf("%s: %.1f %%%n", fields, 100 * accuracy);
        assertThat(accuracy).isGreaterThan(LEARNED);
    }

    private boolean train(ModelConfig config) throws IOException {
        LearningRateSchedule schedule = LearningRateSchedule.corrected(3e-3, 100, STEPS);
        OptimizerConfig optimizer = new OptimizerConfig(schedule, 1, 1e-4, 0.9, 0.999, 1e-8, 0, 0.99);
        RunSettings settings = new RunSettings(
                DATA,
                trainingSamples(),
                config.toMap(),
                Plan.FUSED,
                Precision.SINGLE,
                BATCH,
                SEED,
                STEPS,
                1,
                optimizer);
        return TrainingRun.begin(folder, settings, Initialization.of(config, SEED), Device.CPU)
                .train(() -> false, List.of());
    }

    private static int trainingSamples() throws IOException {
        try (DatasetSplits data = new DataSource(DATA).open(Optional.of(SIZE))) {
            return data.part(Split.TRAIN).size();
        }
    }

    private double accuracyOnTheTestPart(ModelConfig config) throws IOException {
        Checkpoint best = Checkpoints.read(folder.resolve("best.pkl"));
        try (ModelGraph model = ModelGraph.build(best, config, Plan.FUSED)) {
            return Evaluator.of(model, config.classes())
                    .evaluate(new DataSource(DATA), config.input(), Optional.of(Split.TEST), BATCH)
                    .orElseThrow()
                    .accuracy();
        }
    }
}
