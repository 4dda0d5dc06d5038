package io.portolan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.training.OptimizerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Everything that decides the course of a run, as {@code run.json} in its folder tells it.
 *
 * @param data as {@link LabelledData} names them
 * @param trainingSamples how many there were; with others a run would not be the same
 * @param model the configuration
 * @param plan how the cells are computed
 * @param precision of the steps; single where a run of an earlier version does not tell
 * @param batch samples in a batch
 * @param seed of the fresh weights and of the orders of the epochs
 * @param steps after which the run ends
 * @param evaluateEvery epochs from one evaluation to the next
 */
record RunSettings(
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

    RunSettings {
        precision = Objects.requireNonNullElse(precision, Precision.SINGLE);
    }

    static RunSettings read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new IOException(folder + ": holds no run to resume; expected " + FILE + ", which 'train' writes there");
        }
        try {
            return new ObjectMapper().readValue(InputFile.text(file, LONGEST), RunSettings.class);
        } catch (JsonProcessingException malformed) {
            throw new IOException(file + ": is not what 'train' wrote (" + malformed.getOriginalMessage() + ")", malformed);
        }
    }

    void write(Path folder) throws IOException {
        OutputFile.replace(folder.resolve(FILE), out -> out.write(Json.of(this).text().getBytes(StandardCharsets.UTF_8)));
    }

    /** The same run, over more steps. The learning rate's schedule stays as it was. */
    RunSettings until(long newSteps) {
        return new RunSettings(data, trainingSamples, model, plan, precision, batch, seed, newSteps, evaluateEvery, optimizer);
    }

    int stepsPerEpoch() {
        return trainingSamples / batch;
    }
}
