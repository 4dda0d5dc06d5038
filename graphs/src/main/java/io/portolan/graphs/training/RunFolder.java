package io.portolan.graphs.training;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.CheckpointFormat;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.graphs.config.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The folder of a run, and the files in it.
 *
 * @param path the folder, which exists
 * @param model the trained model; the checkpoints contain it in the same form as the reference's, and need no
 *     configuration file
 */
public record RunFolder(Path path, ModelConfig model) {
    private static final String TRAINING_ARGUMENTS = "training_args";

    /** The weights with the smallest validation loss. */
    public Path best() {
        return path.resolve("best.pkl");
    }

    /** The weights after the last epoch. */
    public Path last() {
        return path.resolve("last.pkl");
    }

    /** The state from which a run is resumed. */
    public Path state() {
        return state(path);
    }

    /** The state of the run in a folder. */
    public static Path state(Path folder) {
        return folder.resolve("state.npz");
    }

    /**
     * Writes the last weights and the state.
     *
     * @param epoch the epoch of the weights
     */
    void save(TrainingState state, int epoch) throws IOException {
        write(state, epoch, last());
        state.write(state());
    }

    void saveBest(TrainingState state, int epoch) throws IOException {
        write(state, epoch, best());
    }

    private void write(TrainingState state, int epoch, Path file) throws IOException {
        Checkpoint weights = state.session().result(OptionalLong.of(epoch), metadata());
        Checkpoints.write(weights, file, CheckpointFormat.PICKLE);
    }

    private Map<String, Object> metadata() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        // Python integers have no fixed size; the checkpoint formats represent them as long.
        model.toMap()
                .forEach((field, value) ->
                        arguments.put(field, value instanceof Integer number ? (Object) number.longValue() : value));
        return Map.of(TRAINING_ARGUMENTS, arguments);
    }
}
