package io.portolan.exporter;

import io.portolan.converter.Stages.Stage;
import io.portolan.converter.onnx.ModelChecker;
import io.portolan.runtime.ModelMetadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The result of an export.
 *
 * @param metadata the metadata of the file
 * @param checked the result of the ONNX checker
 * @param parity the agreement of the model with the reference; empty if they were not compared
 * @param selfTest whether the file contains a self-test
 * @param files the files written: the model, and a file of constants if they are too large for one file
 * @param bytes the total size of these files
 * @param stages the stages of the work in their order, each with its duration
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

    /** The total duration of all stages. */
    public Duration time() {
        return stages.stream().map(Stage::time).reduce(Duration.ZERO, Duration::plus);
    }
}
