package io.portolan.cli;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.cli.report.Explanation;
import io.portolan.cli.report.ExplanationArrays;
import io.portolan.cli.report.ExplanationBuilder;
import io.portolan.cli.report.ExplanationJson;
import io.portolan.cli.report.ReportPage;
import io.portolan.converter.Stages;
import io.portolan.exporter.ModelDescription;
import io.portolan.graphs.attribution.Baseline;
import io.portolan.graphs.attribution.IntegratedGradients;
import io.portolan.graphs.attribution.ModelExplainer;
import io.portolan.graphs.config.CellType;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.images.Normalization;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        header = "Explains which inputs and weights a checkpoint's verdicts depend on.",
        description =
                "Writes one self-contained HTML page: the frames and pixels that the verdicts depend on (temporal and integrated"
                        + " gradients), the gates and kernels that they depend on (mechanism gradients), and the values of gates, kernels,"
                        + " transition matrix and states on these images. Images are prepared as by 'predict': resized and converted to"
                        + " grey if necessary.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  portolan explain checkpoint.pkl images/ --config config.json -o report.html",
            "  portolan explain checkpoint.pkl image.png --class connected --baseline black --json",
            "  portolan explain checkpoint.pkl --data pathfinder --config config.json -o report.html",
            "  portolan explain epoch_19.pkl images/ --against epoch_20.pkl --config config.json -o both.html"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final int STAGE_WIDTH = 28;

    /** Values of --class: the class that the model chooses, and the one that the data set names. */
    private static final String VERDICT = "verdict";

    private static final String LABEL = "label";

    @Mixin
    private CheckpointOptions checkpointOptions;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "INPUT",
            description = "Images, folders of images, or normalised float32 arrays in .npy or .npz.")
    private List<Path> inputs = List.of();

    @Mixin
    private LabelledSamples labelled;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "REPORT.html",
            description = "The page to write.")
    private Optional<Path> output;

    @Option(names = "--force", description = "Replace the page and the arrays if they exist.")
    private boolean force;

    @Option(names = "--png", paramLabel = "FOLDER", description = "Write every figure as a PNG file to this folder.")
    private Optional<Path> pictures;

    @Option(
            names = "--npz",
            paramLabel = "FILE.npz",
            description = "Write everything that is drawn, and the terms of every step and channel, as arrays.")
    private Optional<Path> arrays;

    @Option(names = "--json", description = "Print the numbers as JSON, without the maps.")
    private boolean json;

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            description =
                    "Label or number of the class to explain, 'label' for each sample's own with --data, or 'verdict'. Default:"
                            + " label with --data, otherwise verdict.")
    private Optional<String> chosenClass;

    @Option(
            names = "--labels",
            split = ",",
            paramLabel = "LABEL",
            description = "Names of the classes, comma-separated. Default for two classes: disconnected,connected.")
    private List<String> labels = List.of();

    @Option(
            names = "--limit",
            defaultValue = "8",
            paramLabel = "N",
            description = "Maximum number of images (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--points",
            defaultValue = "50",
            paramLabel = "N",
            description = "Number of points of integrated gradients, 2 or more (default: ${DEFAULT-VALUE}).")
    private int points;

    @Option(
            names = "--baseline",
            defaultValue = "zero",
            description =
                    "Baseline of integrated gradients: zero (after normalisation, a grey), black or white (default:"
                            + " ${DEFAULT-VALUE}).")
    private Baseline baseline;

    @Option(
            names = "--midpoints",
            description =
                    "Use the midpoint rule for integrated gradients, without both ends: with a grey baseline, whose own gradient"
                            + " is mostly rounding, it is more stable than the reference's rule.")
    private boolean midpoints;

    @Option(
            names = "--simplified",
            description =
                    "Add the simplified bilinear model of the reference's second notebook, an approximation of hgru_bi.")
    private boolean simplified;

    @Option(
            names = "--against",
            paramLabel = "CHECKPOINT",
            description = "Show another checkpoint of the same kind, such as one of another epoch, beside this one.")
    private Optional<Path> against;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        requireUsage();
        Optional<OutputFile> page = place(output);
        Optional<OutputFile> archive = place(arrays);
        if (pictures.isPresent() && Files.exists(pictures.get()) && !Files.isDirectory(pictures.get())) {
            throw new IOException(pictures.get() + ": is a file; expected the name of a folder for the figures");
        }
        List<Subject> subjects = subjects();
        ModelConfig config = subjects.get(0).config();
        if (simplified && !kind(config).equals(CellType.HGRU_BI.label())) {
            throw usage("--simplified is an approximation of hgru_bi, but the model is " + kind(config));
        }
        List<String> names = ModelDescription.labels(config.classes(), labels);
        ExplanationBuilder.Options options = new ExplanationBuilder.Options(
                new IntegratedGradients.Path(
                        points,
                        baseline,
                        midpoints ? IntegratedGradients.Rule.MIDPOINTS : IntegratedGradients.Rule.ENDS),
                classIndex(names),
                simplified,
                arrays.isPresent());
        UnreadableInputs unreadable = new UnreadableInputs(spec.commandLine().getErr());
        List<ExplanationBuilder.Image> images =
                labelled.areGiven() ? images(config, names) : images(config, unreadable);
        if (images.isEmpty()) {
            return unreadable.exitCode();
        }

        Stages stages = PrintedStages.to(spec.commandLine().getErr(), STAGE_WIDTH);
        List<Explanation> explanations = subjects.stream()
                .map(subject -> explained(subject, names, images, options, stages))
                .toList();
        Explanation explanation = explanations.get(0);
        ReportPage report = stages.run(
                "draw figures",
                () -> against.isPresent()
                        ? new ReportPage(explanation, explanations.get(1))
                        : new ReportPage(explanation),
                drawn -> "");
        String footer = Tables.format(
                "portolan %s, %d images, computed in %.1f s",
                Portolan.version(), images.size(), (System.nanoTime() - start) / 1e9);
        if (page.isPresent()) {
            report.write(page.get(), footer);
            progress("wrote " + output.get());
        }
        if (pictures.isPresent()) {
            progress("wrote " + report.writePictures(pictures.get()).size() + " files into " + pictures.get());
        }
        if (archive.isPresent()) {
            archive.get().write(out -> NpzArchive.write(ExplanationArrays.of(explanation), out));
            progress("wrote " + arrays.get());
        }
        if (json) {
            List<?> reports = explanations.stream().map(ExplanationJson::of).toList();
            spec.commandLine().getOut().println(Json.of(against.isPresent() ? reports : reports.get(0)));
        }
        progress(Tables.format("done in %.1f s", (System.nanoTime() - start) / 1e9));
        return unreadable.exitCode();
    }

    private Optional<OutputFile> place(Optional<Path> file) throws IOException {
        return file.isPresent() ? Optional.of(OutputFile.at(file.get(), force)) : Optional.empty();
    }

    /** A checkpoint to explain. */
    private record Subject(Path file, Checkpoint checkpoint, ModelConfig config) {}

    /** The checkpoint, and the one to show beside it; whether they can be compared is known before anything is computed. */
    private List<Subject> subjects() throws IOException {
        Checkpoint checkpoint = checkpointOptions.read();
        Subject first = new Subject(
                checkpointOptions.file(), checkpoint, checkpointOptions.configuration(checkpoint, Optional.empty()));
        if (against.isEmpty()) {
            return List.of(first);
        }
        Path file = against.get();
        Checkpoint other = checkpointOptions.open(file).checkpoint();
        Subject second = new Subject(file, other, checkpointOptions.configuration(file, other));
        ReportPage.requireOneKind(first.file().toString(), first.config(), file.toString(), second.config());
        return List.of(first, second);
    }

    private Explanation explained(
            Subject subject,
            List<String> names,
            List<ExplanationBuilder.Image> images,
            ExplanationBuilder.Options options,
            Stages stages) {
        try (ModelExplainer explainer = stages.run(
                "build graph",
                () -> checkpointOptions.explainer(subject.file(), subject.checkpoint(), subject.config()),
                built -> "")) {
            return new ExplanationBuilder(explainer, stages)
                    .explain(subject.file().toString(), subject.checkpoint(), subject.config(), names, images, options);
        }
    }

    private void requireUsage() {
        labelled.requireOneSource(inputs);
        if (chosenClass.filter(LABEL::equals).isPresent() && !labelled.areGiven()) {
            throw usage("--class label needs labels; give a data set with --data");
        }
        if (against.isPresent() && arrays.isPresent()) {
            throw usage("--npz has the arrays of one checkpoint; leave out --against");
        }
        if (output.isEmpty() && pictures.isEmpty() && arrays.isEmpty() && !json) {
            throw usage("nothing to do: give -o REPORT.html, --png FOLDER, --npz FILE.npz or --json");
        }
        if (points < 2) {
            throw usage("--points is " + points + "; expected 2 or more");
        }
        if (limit < 1) {
            throw usage("--limit is " + limit + "; expected 1 or more");
        }
    }

    private OptionalInt classIndex(List<String> names) {
        if (chosenClass.isEmpty() || chosenClass.get().equals(VERDICT) || explainsLabels()) {
            return OptionalInt.empty();
        }
        int index = names.indexOf(chosenClass.get());
        if (index < 0 && chosenClass.get().matches("\\d{1,9}")) {
            index = Integer.parseInt(chosenClass.get());
        }
        if (index < 0 || index >= names.size()) {
            throw usage("--class is '" + chosenClass.get() + "'; expected one of " + String.join(", ", names)
                    + ", or a number from 0 to " + (names.size() - 1));
        }
        return OptionalInt.of(index);
    }

    /** Whether each sample is explained for its own label. */
    private boolean explainsLabels() {
        return labelled.areGiven() && chosenClass.orElse(LABEL).equals(LABEL);
    }

    /** The label of a model's cells, or of its architecture if it has none. */
    private static String kind(ModelConfig config) {
        return config instanceof SimpleCssmConfig simple
                ? simple.cell().label()
                : config.architecture().label();
    }

    private List<ExplanationBuilder.Image> images(ModelConfig config, List<String> names) throws IOException {
        return labelled.firstOfEach(config.input()).stream()
                .limit(limit)
                .map(one -> new ExplanationBuilder.Image(
                        one.sample().source(),
                        one.sample().values(),
                        "labelled " + names.get(one.label()),
                        explainsLabels() ? OptionalInt.of(one.label()) : OptionalInt.empty()))
                .toList();
    }

    private List<ExplanationBuilder.Image> images(ModelConfig config, UnreadableInputs unreadable) throws IOException {
        Samples reader = new Samples(config.input(), Normalization.of(config.input()));
        List<ExplanationBuilder.Image> images = new ArrayList<>();
        for (Path file : Samples.expand(inputs, unreadable)) {
            for (Samples.Sample sample : unreadable.tried(file, reader::read).orElse(List.of())) {
                if (images.size() == limit) {
                    progress("explaining the first " + limit + " of the images; --limit allows more");
                    return images;
                }
                String remark = Samples.isImageFile(file)
                        ? ImageRemark.of(file, config.imageHeight(), config.imageWidth())
                        : "";
                if (!remark.isEmpty()) {
                    progress(file + ": " + remark);
                }
                images.add(new ExplanationBuilder.Image(sample.source(), sample.values(), remark, OptionalInt.empty()));
            }
        }
        return images;
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
