package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.programs.Program;
import io.portolan.programs.files.ProgramFiles;
import java.io.IOException;
import java.io.PrintWriter;
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
        header = "Shows the contents of a checkpoint or of a JAX program.",
        description =
                "Lists every array with shape, dtype and size, and the model's configuration as far as the arrays determine it."
                        + " Of a JAX program (a file of jax.export, StableHLO text, MLIR bytecode): arguments, results, operations, FLOPs"
                        + " and constants. Nothing in the file is executed.",
        footerHeading = "%nExample:%n",
        footer = {"  portolan inspect checkpoint.pkl --set seq_len=8", "  portolan inspect program.jaxexport"})
final class InspectCommand implements Callable<Integer> {
    private static final String PROBLEM = "problem";

    @Mixin
    private CheckpointOptions checkpointOptions;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (ProgramFiles.matches(checkpointOptions.file())) {
            Program program = ProgramFiles.read(checkpointOptions.file());
            ProgramDescription description = new ProgramDescription(checkpointOptions.file(), program);
            if (json) {
                spec.commandLine().getOut().println(Json.of(description.toMap()));
            } else {
                description.print(spec.commandLine().getOut());
            }
            return 0;
        }
        OpenedCheckpoint opened = checkpointOptions.open();
        Checkpoint checkpoint = opened.checkpoint();
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Object> summary = summary(opened);
        Map<String, Object> configuration = configuration(checkpoint);
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>(summary);
            report.put("params", describe(checkpoint.parameters()));
            report.put("batch_stats", describe(checkpoint.batchStatistics()));
            report.put("configuration", configuration);
            out.println(Json.of(report));
            return 0;
        }
        Map<String, String> header = new LinkedHashMap<>();
        summary.forEach((key, value) -> header.put(key.replace('_', ' '), value.toString()));
        out.println(Tables.pairs(header));
        out.println();
        out.println(Tables.arrays(checkpoint.parameters().arrays()));
        if (!checkpoint.batchStatistics().isEmpty()) {
            out.println();
            out.println("batch statistics");
            out.println(Tables.arrays(checkpoint.batchStatistics().arrays()));
        }
        out.println();
        printConfiguration(out, configuration);
        return 0;
    }

    /** The fields, or under {@value #PROBLEM} the reason why they are not known. */
    private Map<String, Object> configuration(Checkpoint checkpoint) throws IOException {
        try {
            return checkpointOptions.configuration(checkpoint, Optional.empty()).toMap();
        } catch (FileException incomplete) {
            return Map.of(PROBLEM, Failures.describe(incomplete));
        }
    }

    private static void printConfiguration(PrintWriter out, Map<String, Object> configuration) {
        if (configuration.containsKey(PROBLEM)) {
            out.println(configuration.get(PROBLEM));
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        configuration.forEach((field, value) -> fields.put(field, value.toString()));
        out.println("configuration");
        out.println(Tables.pairs(fields));
    }

    private Map<String, Object> summary(OpenedCheckpoint opened) throws IOException {
        Checkpoint checkpoint = opened.checkpoint();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("file", checkpointOptions.file().toString());
        summary.put("format", opened.format().toString());
        summary.put("parameters_at", opened.parametersAt());
        summary.put("bytes", Checkpoints.size(checkpointOptions.file()));
        summary.put("sha256", Checkpoints.sha256(checkpointOptions.file()));
        checkpoint.epoch().ifPresent(epoch -> summary.put("epoch", epoch));
        checkpoint.step().ifPresent(step -> summary.put("step", step));
        summary.put("arrays", checkpoint.parameters().arrays().size());
        summary.put("parameters", checkpoint.parameters().parameterCount());
        if (!opened.others().isEmpty()) {
            summary.put("other_arrays", json ? opened.others() : CheckpointFile.listed(opened.others()));
        }
        if (!checkpoint.metadata().isEmpty()) {
            summary.put("other_entries", String.join(", ", checkpoint.metadata().keySet()));
        }
        return summary;
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
