package io.portolan.exporter.comparison;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.graphs.training.RunMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The result of one finished run, as it is stored in the run's folder.
 *
 * @param seed of the run
 * @param steps number of steps
 * @param parameters number of trained numbers
 * @param accuracy of the weights with the smallest validation loss, on the test part
 * @param loss of the same
 * @param testImages size of the test part
 * @param training speed and validation curve
 */
public record RunResult(
        long seed, long steps, long parameters, double accuracy, double loss, int testImages, RunMetrics training) {
    private static final String FILE = "result.json";
    private static final int LONGEST = 1 << 24;
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT);

    /** The result in a run's folder; empty if the run is not finished. */
    static Optional<RunResult> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(InputFile.text(file, LONGEST), RunResult.class));
        } catch (JsonProcessingException damaged) {
            throw new IOException(
                    file + ": not the result of a run (" + damaged.getOriginalMessage()
                            + "); delete it to measure again",
                    damaged);
        }
    }

    void write(Path folder) throws IOException {
        OutputFile.replace(folder.resolve(FILE), out -> out.write(MAPPER.writeValueAsBytes(this)));
    }
}
