package io.portolan.exporter;

import io.portolan.converter.Stages.Stage;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.runtime.ModelMetadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an export did.
 *
 * @param metadata what the file says about itself
 * @param checked what ONNX's own checker said
 * @param parity how well the model agrees with the reference; empty if they were not compared
 * @param selfTest whether the file carries a sample to prove itself by
 * @param files what was written: the model, and beside it a file of constants where one file cannot hold them
 * @param bytes of these files together
 * @param stages the stages of the work in their order, each with its time
 */
public record ExportReport(
        ModelMetadata metadata,
        ModelChecker.Result checked,
        Optional<ParityRow> parity,
        boolean selfTest,
        List<Path> files,
        long bytes,
        List<Stage> stages) {
    public ExportReport {
        files = List.copyOf(files);
        stages = List.copyOf(stages);
    }

    /** The time of all stages together. */
    public Duration time() {
        return stages.stream().map(Stage::time).reduce(Duration.ZERO, Duration::plus);
    }
}
