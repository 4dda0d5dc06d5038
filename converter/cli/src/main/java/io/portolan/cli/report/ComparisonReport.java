package io.portolan.cli.report;

import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.exporter.comparison.Budget;
import io.portolan.exporter.comparison.ComparisonResult;
import io.portolan.exporter.comparison.Machine;
import io.portolan.exporter.comparison.ModelResult;
import io.portolan.exporter.comparison.Spread;
import io.portolan.graphs.training.RunMetrics;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of a comparison: as Markdown, as a self-contained HTML page, and as JSON, with its learning curves. */
public final class ComparisonReport {
    /** The table as Markdown. */
    public static final String MARKDOWN = "results.md";

    private static final String CURVES = "curves.png";
    private static final int BYTES_OF_KIB = 1024;
    private static final int SECONDS_OF_MINUTE = 60;
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private record Column(String header, Function<ModelResult, String> cell) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("model", ModelResult::name),
            new Column("accuracy, test", model -> percent(model.accuracy())),
            new Column("seeds", model -> Numbers.count(model.runs().size())),
            new Column("parameters", model -> Numbers.count(model.parameters())),
            new Column("steps", model -> Numbers.count(model.steps())),
            new Column("images/s, training", model -> spread(model.imagesPerSecond(), 1, 0)),
            new Column("minutes a run", model -> spread(model.seconds(), 1.0 / SECONDS_OF_MINUTE, 1)),
            new Column("ONNX, ms an image", model -> Numbers.fixed(model.onnx().milliseconds(), 1)),
            new Column("ONNX, KiB", model -> Numbers.count(model.onnx().bytes() / BYTES_OF_KIB)));

    private final ComparisonResult result;

    public ComparisonReport(ComparisonResult result) {
        this.result = result;
    }

    /**
     * Writes {@code results.md}, {@code results.html}, {@code results.json} and {@code curves.png} to a folder; existing files are
     * replaced. The curves are omitted if Java finds no fonts.
     */
    public void write(Path folder) throws IOException {
        Map<String, BufferedImage> pictures = curves().pictures();
        for (BufferedImage picture : pictures.values()) {
            OutputFile.replace(folder.resolve(CURVES), out -> out.write(Pictures.png(picture)));
        }
        write(folder.resolve(MARKDOWN), markdown(!pictures.isEmpty()));
        write(folder.resolve("results.html"), html());
        write(folder.resolve("results.json"), MAPPER.writeValueAsString(result.toMap()));
    }

    private static void write(Path file, String text) throws IOException {
        OutputFile.replace(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String markdown(boolean hasCurves) {
        List<String> lines = new ArrayList<>();
        lines.add("# " + result.plan().title());
        lines.add("");
        lines.add(COLUMNS.stream().map(Column::header).collect(Collectors.joining(" | ", "| ", " |")));
        lines.add("|---|" + "---:|".repeat(COLUMNS.size() - 1));
        for (ModelResult model : result.models()) {
            lines.add(COLUMNS.stream()
                    .map(column -> column.cell().apply(model))
                    .collect(Collectors.joining(" | ", "| ", " |")));
        }
        for (String remark : remarks()) {
            lines.add("");
            lines.add(remark.replace("|", "\\|").replace("<", "&lt;"));
        }
        if (hasCurves) {
            lines.add("");
            lines.add("![" + curves().alt() + "](" + CURVES + ")");
        }
        return String.join("\n", lines) + "\n";
    }

    private String html() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Table(
                COLUMNS.stream().map(Column::header).toList(),
                result.models().stream().map(ComparisonReport::cells).toList()));
        remarks().forEach(remark -> blocks.add(new Block.Text(remark)));
        List<Block> models =
                result.models().stream().map(ComparisonReport::details).toList();
        List<Section> sections = List.of(
                new Section("results", "Results", blocks),
                new Section("curves", "Learning curves", List.of(new Block.Illustration(curves()))),
                new Section("models", "Models and runs", models));
        return new Page("Comparison of models", result.plan().title(), sections, "portolan table").html();
    }

    private static List<Block.Cell> cells(ModelResult model) {
        return COLUMNS.stream()
                .map(column -> {
                    String text = column.cell().apply(model);
                    return column == COLUMNS.get(0) ? words(text) : number(text);
                })
                .toList();
    }

    /** The configuration and the runs of a model. */
    private static Block details(ModelResult model) {
        Block fields = new Block.Table(
                List.of("field", "value"),
                model.model().entrySet().stream()
                        .map(field -> List.of(words(field.getKey()), words(String.valueOf(field.getValue()))))
                        .toList());
        Block runs = new Block.Table(
                List.of("seed", "accuracy, test", "loss, test", "images/s", "minutes"),
                model.runs().stream()
                        .map(run -> List.of(
                                number(Long.toString(run.seed())),
                                number(Numbers.percent(run.accuracy())),
                                number(Numbers.fixed(run.loss(), 4)),
                                number(Numbers.fixed(run.training().imagesPerSecond(), 0)),
                                number(Numbers.fixed(run.training().seconds() / SECONDS_OF_MINUTE, 1))))
                        .toList());
        return new Block.Group(model.name(), false, List.of(runs, fields));
    }

    private List<String> remarks() {
        Budget budget = result.plan().budget();
        Machine machine = result.machine();
        List<String> remarks = new ArrayList<>();
        int tested = result.models().get(0).runs().get(0).testImages();
        remarks.add("Data: " + result.plan().data() + " at " + result.plan().imageSize() + " px, "
                + Numbers.count(result.trainingImages()) + " images to train on, " + Numbers.count(tested)
                + " to test. Every run: " + Numbers.count(result.models().get(0).steps()) + " steps of "
                + budget.batch() + " images, learning rate " + budget.learningRate() + " (" + budget.schedule()
                + ", warm-up " + budget.warmup() + "). Tested are the weights with the smallest validation loss; ± is"
                + " the standard deviation over the seeds.");
        remarks.add("Machine: " + machine.system() + ", " + machine.cores() + " cores, Java " + machine.java()
                + ", trained on the " + machine.device() + ". Speed is the median over steps. ONNX: one image a call, "
                + result.models().get(0).onnx().threads() + " threads of the processor, median.");
        if (!result.isComplete()) {
            remarks.add("Not finished: " + result.finishedRuns() + " of " + result.plannedRuns() + " runs are done.");
        }
        result.models().stream()
                .filter(model -> !model.note().isEmpty())
                .forEach(model -> remarks.add(model.name() + ": " + model.note()));
        return remarks;
    }

    private Chart curves() {
        List<Long> steps = result.models().get(0).runs().get(0).training().validation().stream()
                .map(RunMetrics.Point::step)
                .toList();
        List<Chart.Series> series = result.models().stream()
                .map(model -> new Chart.Series(
                        model.name(),
                        steps.stream().mapToDouble(model::validationAccuracy).toArray()))
                .toList();
        return new Chart(
                Chart.Kind.LINES,
                "Validation accuracy, mean over the seeds",
                "Validation accuracy by step, a line for each model",
                "step",
                "accuracy",
                steps.stream().map(Numbers::count).toList(),
                series);
    }

    private static String percent(Spread share) {
        return spread(share, 100, 1) + " %";
    }

    private static String spread(Spread value, double unit, int decimals) {
        String mean = Numbers.fixed(unit * value.mean(), decimals);
        return value.deviation() == null ? mean : mean + " ± " + Numbers.fixed(unit * value.deviation(), decimals);
    }
}
