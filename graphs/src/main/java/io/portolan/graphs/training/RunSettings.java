package io.portolan.graphs.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.ops.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that decides the course of a run, as {@code run.json} in its folder tells it.
 *
 * @param data as {@link io.portolan.graphs.data.DataSource} names them
 * @param trainingSamples how many there were; with others a run would not be the same
 * @param model the configuration
 * @param plan how the cells are computed
 * @param precision of the steps; single where a run of an earlier version does not tell
 * @param batch samples in a batch
 * @param seed of the fresh weights and of the orders of the epochs
 * @param steps after which the run ends
 * @param evaluateEvery epochs from one evaluation to the next
 */
public record RunSettings(
        String data,
        int trainingSamples,
        Map<String, Object> model,
        Plan plan,
        Precision precision,
        int batch,
        long seed,
        long steps,
        int evaluateEvery,
        OptimizerConfig optimizer) {
    private static final String FILE = "run.json";
    private static final int LONGEST = 1 << 20;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public RunSettings {
        precision = Objects.requireNonNullElse(precision, Precision.SINGLE);
    }

    /**
     * Reads the settings of a run.
     *
     * @throws IOException if the folder holds no run, or its settings are malformed
     */
    public static RunSettings read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new IOException(folder + ": holds no run to resume; expected " + FILE
                    + ", which a run writes there when it begins");
        }
        try {
            return JSON.readValue(InputFile.text(file, LONGEST), RunSettings.class);
        } catch (JsonProcessingException malformed) {
            throw new IOException(
                    file + ": is not what a run writes (" + malformed.getOriginalMessage() + ")", malformed);
        }
    }

    void write(Path folder) throws IOException {
        OutputFile.replace(folder.resolve(FILE), out -> out.write(JSON.writeValueAsBytes(this)));
    }

    /** The same run, over more steps. The learning rate's schedule stays as it was. */
    public RunSettings until(long newSteps) {
        return new RunSettings(
                data, trainingSamples, model, plan, precision, batch, seed, newSteps, evaluateEvery, optimizer);
    }

    /** Batches in a pass through the training samples; what does not fill one is left over. */
    public int stepsPerEpoch() {
        return trainingSamples / batch;
    }
}
