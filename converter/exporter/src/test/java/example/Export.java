package example;

import io.portolan.exporter.CheckpointExportOptions;
import io.portolan.exporter.CheckpointExporter;
import io.portolan.exporter.ExportReport;
import io.portolan.exporter.SourceCheckpoint;
import io.portolan.graphs.config.ConfigFile;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

public final class Export {
    public static ExportReport export(Path checkpoint, Path description, Path output) throws IOException {
        SourceCheckpoint source = SourceCheckpoint.read(checkpoint);
        ModelConfig config =
                ConfigResolver.resolve(source.checkpoint(), Map.of(), Optional.of(ConfigFile.read(description)));
        return new CheckpointExporter().export(source, config, output, CheckpointExportOptions.defaults());
    }

    public static void main(String[] arguments) throws IOException {
        ExportReport report = export(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        double difference = report.parity().orElseThrow().maxAbsolute();
        System.out.printf(
                "%s: %,d bytes, logits within %.1e of the reference%n", report.files(), report.bytes(), difference);
    }
}
