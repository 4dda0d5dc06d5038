package io.portolan.converter.cli;

import io.portolan.checkpoints.ArrayData;
import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.graphs.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        header = "Shows what is in a checkpoint.",
        description = "Lists every array with shape, dtype and size, and the model's configuration as far as the arrays show it."
                + " Nothing in the file is executed.",
        footerHeading = "%nExample:%n",
        footer = "  portolan inspect checkpoint.pkl --set seq_len=8")
final class InspectCommand implements Callable<Integer> {
    @Mixin
    private CheckpointOptions checkpointOptions;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OpenedCheckpoint opened = checkpointOptions.open();
        Checkpoint checkpoint = opened.checkpoint();
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Object> report = report(opened);
        if (json) {
            out.println(Json.of(report));
            return 0;
        }
        Map<String, String> header = new LinkedHashMap<>();
        report.forEach((key, value) -> {
            if (!(value instanceof List) && !(value instanceof Map)) {
                header.put(key.replace('_', ' '), String.valueOf(value));
            }
        });
        out.println(Tables.pairs(header));
        out.println();
        out.println(Tables.arrays(checkpoint.parameters().arrays()));
        if (!checkpoint.batchStatistics().isEmpty()) {
            out.println();
            out.println("batch statistics");
            out.println(Tables.arrays(checkpoint.batchStatistics().arrays()));
        }
        out.println();
        printConfiguration(out, checkpoint);
        return 0;
    }

    private void printConfiguration(PrintWriter out, Checkpoint checkpoint) throws IOException {
        try {
            Map<String, String> fields = new LinkedHashMap<>();
            checkpointOptions.configuration(checkpoint, Optional.empty()).toMap()
                    .forEach((field, value) -> fields.put(field, value.toString()));
            out.println("configuration");
            out.println(Tables.pairs(fields));
        } catch (ConfigException incomplete) {
            out.println(incomplete.getMessage());
        }
    }

    private Map<String, Object> report(OpenedCheckpoint opened) throws IOException {
        Checkpoint checkpoint = opened.checkpoint();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("file", checkpointOptions.file().toString());
        report.put("format", opened.format().toString());
        report.put("parameters_at", opened.parametersAt());
        report.put("bytes", Files.size(checkpointOptions.file()));
        report.put("sha256", Checkpoints.sha256(checkpointOptions.file()));
        checkpoint.epoch().ifPresent(epoch -> report.put("epoch", epoch));
        checkpoint.step().ifPresent(step -> report.put("step", step));
        report.put("arrays", checkpoint.parameters().arrays().size());
        report.put("parameters", checkpoint.parameters().parameterCount());
        if (!checkpoint.metadata().isEmpty()) {
            report.put("other_entries", String.join(", ", checkpoint.metadata().keySet()));
        }
        report.put("params", describe(checkpoint.parameters()));
        report.put("batch_stats", describe(checkpoint.batchStatistics()));
        try {
            report.put("configuration", checkpointOptions.configuration(checkpoint, Optional.empty()).toMap());
        } catch (ConfigException incomplete) {
            report.put("configuration", Map.of("problem", incomplete.getMessage()));
        }
        return report;
    }

    private static List<Map<String, Object>> describe(ParameterTree tree) {
        List<Map<String, Object>> arrays = new ArrayList<>();
        for (Map.Entry<String, ArrayData> array : tree.arrays().entrySet()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("path", array.getKey());
            row.put("shape", array.getValue().shape());
            row.put("dtype", array.getValue().type().label());
            arrays.add(row);
        }
        return arrays;
    }
}
