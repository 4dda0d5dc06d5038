package io.portolan.graphs.training;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Training steps of the reference, with every batch and the reported values. */
final class GoldenTrajectory {
    private final Path folder;
    private final Map<String, ArrayData> recorded;

    private GoldenTrajectory(String name) {
        this.folder = Path.of("src/test/resources/training", name);
        try {
            this.recorded = NpzArchive.read(folder.resolve("trajectory.npz"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<GoldenTrajectory> all() {
        return List.of(
                new GoldenTrajectory("train_transformer_28"), new GoldenTrajectory("train_hgru_bi_batchnorm_28"));
    }

    Checkpoint initial() {
        return checkpoint("initial.pkl");
    }

    Checkpoint last() {
        return checkpoint("final.pkl");
    }

    ModelConfig config() {
        try {
            Map<String, Object> description =
                    new ObjectMapper().readValue(folder.resolve("config.json").toFile(), new TypeReference<>() {});
            return ConfigResolver.resolve(initial(), Map.of(), Optional.of(description));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    OptimizerConfig optimizer() {
        try {
            JsonNode json =
                    new ObjectMapper().readTree(folder.resolve("optimizer.json").toFile());
            JsonNode schedule = json.get("schedule");
            return new OptimizerConfig(
                    new LearningRateSchedule(
                            schedule.get("init_value").asDouble(),
                            schedule.get("peak_value").asDouble(),
                            schedule.get("warmup_steps").asInt(),
                            schedule.get("decay_steps").asInt(),
                            schedule.get("end_value").asDouble()),
                    json.get("clip").asDouble(),
                    json.get("weight_decay").asDouble(),
                    json.get("b1").asDouble(),
                    json.get("b2").asDouble(),
                    json.get("eps").asDouble(),
                    0,
                    0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int steps() {
        return (int) recorded.get("loss").size();
    }

    float[] images(int step) {
        float[] all = recorded.get("images").toFloats();
        int size = all.length / steps();
        return Arrays.copyOfRange(all, step * size, (step + 1) * size);
    }

    int[] labels(int step) {
        int batch = (int) recorded.get("labels").size() / steps();
        int[] labels = new int[batch];
        recorded.get("labels").bytes().asIntBuffer().get(step * batch, labels);
        return labels;
    }

    double recorded(String quantity, int step) {
        return recorded.get(quantity).toFloats()[step];
    }

    private Checkpoint checkpoint(String name) {
        try {
            return Checkpoints.read(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
