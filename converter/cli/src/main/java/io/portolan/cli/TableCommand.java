package io.portolan.cli;

import io.portolan.cli.report.ComparisonReport;
import io.portolan.exporter.comparison.Comparison;
import io.portolan.exporter.comparison.ComparisonListener;
import io.portolan.exporter.comparison.ComparisonPlan;
import io.portolan.exporter.comparison.ComparisonResult;
import io.portolan.exporter.comparison.PlannedRun;
import io.portolan.exporter.comparison.RunResult;
import io.portolan.exporter.comparison.Scale;
import io.portolan.graphs.training.Device;
import io.portolan.graphs.training.TrainingListener;
import io.portolan.graphs.training.TrainingRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "table",
        mixinStandardHelpOptions = true,
        header = "Trains several models on the same data and compares them in a table.",
        description =
                "Trains every model of PLAN.json with every seed, on the same data with the same budget, and writes to FOLDER:"
                        + " results.md, results.html, results.json and curves.png (test accuracy with its spread over the seeds, parameters,"
                        + " training speed, latency and size as ONNX, learning curves), and each run as 'train' writes it. The same command"
                        + " continues after an interruption: finished runs are not repeated. Models and seeds may be added to the plan.%n%n"
                        + "PLAN.json is {title, data, image_size, seeds, budget, models}; budget has epochs or steps, and may have"
                        + " batch, learning_rate, schedule, warmup, weight_decay, clip, label_smoothing, ema, eval_every and"
                        + " mixed_precision; each model has a name and a config like that of --config. --show prints a plan to start with.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan table --scale smoke -o table",
            "  portolan table --scale smoke --show > plan.json",
            "  portolan table plan.json -o table"
        })
final class TableCommand implements Callable<Integer> {
    /** Where the plan comes from. */
    static final class Source {
        @Parameters(paramLabel = "PLAN.json", description = "The models, data, budget and seeds.")
        private Path file;

        @Option(
                names = "--scale",
                paramLabel = "SCALE",
                description =
                        "Instead of a file: a vision transformer, an hGRU and two CSSMs on Pathfinder; smoke (minutes a run on two"
                                + " cores), reduced (hours) or full (the published sizes, for a GPU).")
        private Scale scale;

        ComparisonPlan plan() throws IOException {
            return scale == null ? ComparisonPlan.read(file) : scale.plan();
        }

        String json() throws IOException {
            return scale == null ? Files.readString(file) : scale.json();
        }
    }

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "The folder of the runs and results.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--device",
            defaultValue = "auto",
            paramLabel = "DEVICE",
            description = "cpu, gpu or auto (default: ${DEFAULT-VALUE}).")
    private Device device;

    @Option(names = "--show", description = "Print the plan as JSON, and do nothing else.")
    private boolean show;

    @Option(names = "--json", description = "Print the results as JSON, and the progress to standard error.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ComparisonPlan plan = source.plan();
        if (show) {
            out.println(new Lines(source.json().stripTrailing()));
            return 0;
        }
        Path results = folder.orElseThrow(
                () -> new ParameterException(spec.commandLine(), "Missing required option: '--output=FOLDER'"));
        QuietTensorFlow.start();
        // Curves are drawn without a display, even if there is one.
        System.setProperty("java.awt.headless", "true");
        PrintWriter progress = json ? spec.commandLine().getErr() : out;
        try (StopSignal stop = StopSignal.listen("stopping after this step ...");
                Display display = new Display(progress)) {
            Comparison comparison = prepared(plan, results);
            display.count = comparison.runs().size();
            ComparisonResult result = comparison.run(stop, display);
            report(result, results, progress);
        }
        return 0;
    }

    private Comparison prepared(ComparisonPlan plan, Path results) throws IOException {
        try {
            return Comparison.of(plan, results, device);
        } catch (IllegalArgumentException unfit) {
            throw new ParameterException(spec.commandLine(), "budget: " + unfit.getMessage(), unfit);
        }
    }

    private void report(ComparisonResult result, Path results, PrintWriter progress) throws IOException {
        if (!result.models().isEmpty()) {
            new ComparisonReport(result).write(results);
        }
        if (json) {
            spec.commandLine().getOut().println(Json.of(result.toMap()));
        } else if (!result.models().isEmpty()) {
            progress.println(Tables.comparison(result.models()));
        }
        progress.println(
                result.isComplete()
                        ? "done: " + results.resolve(ComparisonReport.MARKDOWN)
                        : "stopped; the same command continues");
        progress.flush();
    }

    /** Prints a line for each run, and its steps as 'train' does. */
    private static final class Display implements ComparisonListener, AutoCloseable {
        private final PrintWriter out;
        private int count;
        private int number;
        private Optional<TrainingDisplay> training = Optional.empty();

        Display(PrintWriter out) {
            this.out = out;
        }

        @Override
        public List<TrainingListener> starting(PlannedRun planned, TrainingRun run) {
            say(planned, run.steps() == 0 ? "begins" : Tables.format("continues after step %,d", run.steps()));
            TrainingDisplay display =
                    TrainingDisplay.of(out, run.steps(), run.settings().steps());
            training = Optional.of(display);
            return List.of(display);
        }

        @Override
        public void ended(PlannedRun planned, RunResult result) {
            close();
            if (result != null) {
                out.println(Tables.format("  test accuracy %.1f %%", 100 * result.accuracy()));
            }
        }

        @Override
        public void skipped(PlannedRun planned, RunResult result) {
            say(planned, Tables.format("was done before, test accuracy %.1f %%", 100 * result.accuracy()));
        }

        @Override
        public void measuring(String what) {
            out.println(what);
        }

        @Override
        public void close() {
            training.ifPresent(TrainingDisplay::close);
            training = Optional.empty();
        }

        private void say(PlannedRun planned, String what) {
            number++;
            out.println(Tables.format(
                    "run %d/%d: %s, seed %d, %s",
                    number,
                    count,
                    planned.competitor().name(),
                    planned.settings().seed(),
                    what));
            out.flush();
        }
    }
}
