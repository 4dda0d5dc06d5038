package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.data.DataSource;
import io.portolan.graphs.data.DatasetSplits;
import io.portolan.graphs.data.Split;
import io.portolan.graphs.training.Device;
import io.portolan.graphs.training.Initialization;
import io.portolan.graphs.training.Placement;
import io.portolan.graphs.training.RunFolder;
import io.portolan.graphs.training.RunSettings;
import io.portolan.graphs.training.TrainingException;
import io.portolan.graphs.training.TrainingRun;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        header = "Trains a model, from scratch or from a checkpoint.",
        description =
                "Writes to RUN: best.pkl (smallest validation loss) and last.pkl in the format of the reference's checkpoints,"
                        + " metrics.csv, metrics.jsonl, TensorBoard events, curves.png, and state.npz, from which --resume continues"
                        + " exactly where the run stopped. Ctrl-C and SIGTERM end the run after the current step; the exit code is"
                        + " then 130 or 143. From scratch, omitted fields of the model have SimpleCSSM's defaults, and image_size is"
                        + " that of the data.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan train --data generate:easiest:5000 --set cssm_type=transformer --epochs 20 -o run",
            "  portolan train --data pathfinder --from checkpoint.pkl --config config.json --lr 1e-4 -o run",
            "  portolan train --resume -o run",
            "  portolan train --resume --epochs 40 -o run"
        })
final class TrainCommand implements Callable<Integer> {
    /** Options allowed with --resume; all others belong to the run and cannot change. */
    private static final List<String> WITH_RESUME =
            List.of("--resume", "--output", "--epochs", "--steps", "--device", "--replicas", "--stacktrace");

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "RUN",
            description = "The run's folder.")
    private Path folder;

    @Option(names = "--data", paramLabel = "DATA", description = LabelledData.DESCRIPTION)
    private Optional<String> data = Optional.empty();

    @Option(
            names = "--from",
            paramLabel = "CHECKPOINT",
            description = "Weights to start from. Default: random initial weights.")
    private Optional<Path> from = Optional.empty();

    @Mixin
    private ReadOptionsMixin reading;

    @Mixin
    private ConfigurationOptions configuration;

    @ArgGroup
    private RunLength length = new RunLength();

    @Mixin
    private RecipeOptions recipe;

    @Option(
            names = "--eval-every",
            defaultValue = "1",
            paramLabel = "N",
            description = "Epochs between evaluations (default: ${DEFAULT-VALUE}).")
    private int evaluateEvery;

    @Option(
            names = "--plan",
            defaultValue = "fused",
            paramLabel = "PLAN",
            description =
                    "Computation of the cells: fused, or faithful, which follows the reference step by step and is many times"
                            + " slower (default: ${DEFAULT-VALUE}).")
    private Plan plan;

    @Option(
            names = "--device",
            defaultValue = "auto",
            paramLabel = "DEVICE",
            description = "cpu, gpu or auto (default: ${DEFAULT-VALUE}).")
    private Device device;

    @Option(
            names = "--replicas",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "Divide each batch among N devices, each with a copy of the model: the first N GPUs, or N parts of the CPU, which is of"
                            + " use for trials only (default: ${DEFAULT-VALUE}).")
    private int replicas;

    @Option(
            names = "--resume",
            description = "Continue the run in RUN, to its end or to the given --epochs or --steps.")
    private boolean resume;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        QuietTensorFlow.start();
        Placement placement = valid(() -> new Placement(device.resolved(), replicas));
        // Curves are drawn without a display, even if there is one.
        System.setProperty("java.awt.headless", "true");
        PrintWriter out = spec.commandLine().getOut();
        try (StopSignal stop = StopSignal.listen("stopping after this step ...")) {
            TrainingRun run = resume ? resumed(placement) : begun(placement);
            describe(run, out);
            boolean complete = train(run, stop, out);
            out.println(
                    complete
                            ? "done: " + folder.resolve("best.pkl") + ", " + folder.resolve("last.pkl")
                            : "stopped; continue with: portolan train --resume -o " + folder);
            out.flush();
        }
        return 0;
    }

    private static boolean train(TrainingRun run, StopSignal stop, PrintWriter out) throws IOException {
        try (TrainingDisplay display =
                TrainingDisplay.of(out, run.steps(), run.settings().steps())) {
            return run.train(stop, List.of(display));
        }
    }

    private TrainingRun begun(Placement placement) throws IOException {
        DataSource source = data.map(DataSource::new)
                .orElseThrow(() -> usage("Missing required option: '--data=DATA'"))
                .absolute();
        if (Files.exists(RunFolder.state(folder))) {
            throw new IOException(folder + ": already holds a run; give another folder, or --resume to continue it");
        }
        int batch = valid(recipe::batch);
        Optional<Checkpoint> weights =
                from.isPresent() ? Optional.of(Checkpoints.read(from.get(), reading.toOptions())) : Optional.empty();
        ModelConfig config = weights.isPresent()
                ? configuration.resolve(weights.get(), Optional.empty())
                : configuration.fromScratch(ownSize(source));
        int samples;
        try (DatasetSplits opened =
                source.open(Optional.of(new ImageSize(config.imageHeight(), config.imageWidth())))) {
            samples = opened.part(Split.TRAIN).size();
        }
        if (samples < batch) {
            throw new TrainingException(
                    "--batch " + batch + ": the data have only " + samples + " samples for training");
        }
        int steps = valid(() -> length.steps(samples / batch));
        RunSettings settings = valid(() -> new RunSettings(
                source.source(),
                samples,
                config.toMap(),
                plan,
                recipe.precision(),
                batch,
                recipe.seed(),
                steps,
                evaluateEvery,
                recipe.optimizer(steps)));
        Checkpoint start = weights.orElseGet(() -> Initialization.of(config, recipe.seed()));
        return TrainingRun.begin(folder, settings, start, placement);
    }

    private TrainingRun resumed(Placement placement) throws IOException {
        for (OptionSpec said : spec.commandLine().getParseResult().matchedOptions()) {
            if (!WITH_RESUME.contains(said.longestName())) {
                throw usage(said.longestName()
                        + " belongs to the run and cannot change; leave it out, or start"
                        + " another run with --from " + folder.resolve("last.pkl"));
            }
        }
        TrainingRun run = TrainingRun.resume(folder, placement);
        return length.isSaid()
                ? run.until(valid(() -> length.steps(run.settings().stepsPerEpoch())))
                : run;
    }

    private static ImageSize ownSize(DataSource source) throws IOException {
        try (DatasetSplits opened = source.open(Optional.empty())) {
            ImageInput input = opened.all().input();
            return new ImageSize(input.height(), input.width());
        }
    }

    private void describe(TrainingRun run, PrintWriter out) {
        RunSettings settings = run.settings();
        out.println(Tables.format("model     %s", run.config().toJson()));
        out.println(Tables.format(
                "weights   %,d in %d arrays, %s",
                run.start().parameters().parameterCount(),
                run.start().parameters().arrays().size(),
                resume
                        ? "as the run left them"
                        : from.map(Path::toString).orElse("initialised with seed " + settings.seed())));
        out.println(Tables.format("data      %s, %,d images to train on", settings.data(), settings.trainingSamples()));
        out.println(Tables.format(
                "run       %,d steps of %d images, %,d an epoch%s",
                settings.steps(),
                settings.batch(),
                settings.stepsPerEpoch(),
                run.state()
                        .map(state -> Tables.format("; %,d are done", run.steps()))
                        .orElse("")));
        out.println("device    " + run.placement().label());
        out.flush();
    }

    private <T> T valid(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException outOfRange) {
            throw new ParameterException(spec.commandLine(), outOfRange.getMessage(), outOfRange);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
