package io.portolan.exporter;

import io.portolan.converter.Destination;
import io.portolan.converter.ExportOptions;
import io.portolan.converter.ExportPipeline;
import io.portolan.converter.StagedExport;
import io.portolan.converter.Stages;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.runtime.ModelMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Exports a graph with the exporter's pipeline, without verification. */
final class ExportedBytes {
    private ExportedBytes() {}

    /** @param outputs which of {@link ModelGraph#outputTensors} the ONNX model shall have */
    static byte[] of(ModelGraph graph, List<String> outputs, ModelMetadata metadata, ExportOptions options)
            throws IOException {
        Path folder = Files.createTempDirectory("portolan-export");
        try (StagedExport staged = new ExportPipeline(Stages.silent(), options)
                .export(
                        CheckpointExporter.pipelineSource(graph, outputs),
                        metadata.toMap(),
                        Destination.of(folder.resolve("model.onnx")))) {
            return Files.readAllBytes(staged.model().file());
        } finally {
            Files.delete(folder);
        }
    }
}
