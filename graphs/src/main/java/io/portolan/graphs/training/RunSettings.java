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
 * The settings that determine a run, as stored in {@code run.json} in its folder.
 *
 * @param data the name of the data, as in {@link io.portolan.graphs.data.DataSource}
 * @param trainingSamples number of training samples; a resumed run must have the same number
 * @param model the configuration
 * @param plan how the cells are computed
 * @param precision precision of the steps; single if the run of an earlier version does not state it
 * @param batch samples in a batch
 * @param seed seed of the initial weights and of the shuffles
 * @param steps number of steps after which the run ends
 * @param evaluateEvery number of epochs between evaluations
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
                    file + ": not the settings of a run (" + malformed.getOriginalMessage() + ")", malformed);
        }
    }

    void write(Path folder) throws IOException {
        OutputFile.replace(folder.resolve(FILE), out -> out.write(JSON.writeValueAsBytes(this)));
    }

    /** A copy with more steps. The learning rate schedule is unchanged. */
    public RunSettings until(long newSteps) {
        return new RunSettings(
                data, trainingSamples, model, plan, precision, batch, seed, newSteps, evaluateEvery, optimizer);
    }

    /** Number of full batches in an epoch of the training samples. */
    public int stepsPerEpoch() {
        return trainingSamples / batch;
    }
}
