package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.checkpoints.inspection.ArrayStatistics;
import io.portolan.checkpoints.inspection.CheckpointDifference;
import io.portolan.checkpoints.inspection.EntryDescription;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.converter.inspection.ModelFiles;
import io.portolan.converter.inspection.ModelSummary;
import io.portolan.graphs.attribution.CellWeights;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.programs.files.ProgramFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        header = "Shows the contents of a checkpoint, a model or a JAX program.",
        description =
                "Lists every array with shape, dtype and size, and the model's configuration as far as the arrays determine it."
                        + " Of a JAX program (a file of jax.export, StableHLO text, MLIR bytecode): arguments, results, operations, FLOPs"
                        + " and constants. Of an ONNX file, a SavedModel or a frozen graph: inputs, outputs, operations, versions and"
                        + " metadata. Nothing in the file is executed.",
        footerHeading = "%nExample:%n",
        footer = {
            "  portolan inspect checkpoint.pkl --set seq_len=8",
            "  portolan inspect orbax_run --step 2000",
            "  portolan inspect checkpoint.pkl --stats",
            "  portolan inspect epoch_20.pkl --against epoch_19.pkl",
            "  portolan inspect checkpoint.pkl --gates --kernels --matrix --config config.json",
            "  portolan inspect program.jaxexport",
            "  portolan inspect model.onnx"
        })
final class InspectCommand implements Callable<Integer> {
    private static final String PROBLEM = "problem";

    @Mixin
    private CheckpointOptions checkpointOptions;

    @Option(
            names = "--stats",
            description = "Show least, greatest and mean number of each array, and how many are NaN or infinite.")
    private boolean stats;

    @Option(
            names = "--against",
            paramLabel = "CHECKPOINT",
            description =
                    "Compare the arrays (parameters and batch statistics) with those of another checkpoint: which are in only one,"
                            + " which differ in shape, type or values, and by how much. Exit code 3 if any differs.")
    private Path against;

    @Mixin
    private CellOptions cells;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path file = checkpointOptions.file();
        if (cells.areChosen()) {
            describeCells();
            return 0;
        }
        if (against != null) {
            return compare(file);
        }
        if (ProgramFiles.matches(file)) {
            ProgramDescription description = new ProgramDescription(file, ProgramFiles.read(file));
            show(description::toMap, description::print);
            return 0;
        }
        Optional<ModelSummary> model = ModelFiles.read(file);
        if (model.isPresent()) {
            ModelFileDescription description = new ModelFileDescription(file, model.get());
            show(description::toMap, description::print);
            return 0;
        }
        inspect(checkpointOptions.open());
        return 0;
    }

    private void describeCells() throws IOException {
        Optional<OutputFile> arrays = cells.arrays();
        Checkpoint checkpoint = checkpointOptions.read();
        ModelConfig config = checkpointOptions.configuration(checkpoint, Optional.empty());
        CellDescription description = checkpointOptions.ofTheFile(
                () -> new CellDescription(checkpointOptions.file(), CellWeights.of(checkpoint, config), cells.parts()));
        show(description::toMap, description::print);
        if (arrays.isPresent()) {
            arrays.get().write(out -> NpzArchive.write(description.arrays(), out));
        }
    }

    private int compare(Path file) throws IOException {
        CheckpointDifference difference = CheckpointDifference.of(
                checkpointOptions.open().checkpoint(),
                checkpointOptions.open(against).checkpoint());
        DifferenceDescription description = new DifferenceDescription(file, against, difference);
        show(description::toMap, description::print);
        return difference.isEmpty() ? 0 : Portolan.NO_PARITY;
    }

    private void show(Supplier<Map<String, Object>> map, Consumer<PrintWriter> text) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.of(map.get()));
        } else {
            text.accept(out);
        }
    }

    private void inspect(OpenedCheckpoint opened) throws IOException {
        Checkpoint checkpoint = opened.checkpoint();
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Object> summary = summary(opened);
        Map<String, Object> configuration = configuration(checkpoint);
        if (json) {
            Map<String, Object> report = new LinkedHashMap<>(summary);
            report.put("params", describe(checkpoint.parameters()));
            report.put("batch_stats", describe(checkpoint.batchStatistics()));
            report.put("entries", entries(checkpoint));
            report.put("configuration", configuration);
            out.println(Json.of(report));
            return;
        }
        Map<String, String> header = new LinkedHashMap<>();
        summary.forEach((key, value) -> header.put(key.replace('_', ' '), value.toString()));
        out.println(Tables.pairs(header));
        out.println();
        out.println(table(checkpoint.parameters()));
        if (!checkpoint.batchStatistics().isEmpty()) {
            out.println();
            out.println("batch statistics");
            out.println(table(checkpoint.batchStatistics()));
        }
        if (!checkpoint.metadata().isEmpty()) {
            out.println();
            out.println("other entries");
            out.println(Tables.pairs(entries(checkpoint)));
        }
        out.println();
        printConfiguration(out, configuration);
    }

    private Lines table(ParameterTree tree) {
        Map<String, ArrayStatistics> statistics = new LinkedHashMap<>();
        if (stats) {
            tree.arrays().forEach((path, array) -> statistics.put(path, ArrayStatistics.of(array)));
        }
        return Tables.arrays(tree.arrays(), statistics);
    }

    private static Map<String, String> entries(Checkpoint checkpoint) {
        Map<String, String> entries = new LinkedHashMap<>();
        checkpoint.metadata().forEach((name, value) -> entries.put(name, EntryDescription.of(value)));
        return entries;
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
        summary.put("bytes", Checkpoints.size(checkpointOptions.file(), checkpointOptions.readOptions()));
        summary.put("sha256", checkpointOptions.sha256());
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

    private List<Map<String, Object>> describe(ParameterTree tree) {
        List<Map<String, Object>> arrays = new ArrayList<>();
        for (Map.Entry<String, ArrayData> array : tree.arrays().entrySet()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("path", array.getKey());
            row.put("shape", array.getValue().shape());
            row.put("dtype", array.getValue().type().label());
            row.put("bytes", array.getValue().byteCount());
            if (stats) {
                row.putAll(describe(ArrayStatistics.of(array.getValue())));
            }
            arrays.add(row);
        }
        return arrays;
    }

    private static Map<String, Object> describe(ArrayStatistics statistics) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("min", Json.number(statistics.min()));
        row.put("max", Json.number(statistics.max()));
        row.put("mean", Json.number(statistics.mean()));
        row.put("nan", statistics.nans());
        row.put("infinite", statistics.infinities());
        return row;
    }
}
