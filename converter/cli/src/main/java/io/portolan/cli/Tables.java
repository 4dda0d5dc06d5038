package io.portolan.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.portolan.checkpoints.inspection.ArrayDifference;
import io.portolan.checkpoints.inspection.ArrayStatistics;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.VisibleText;
import io.portolan.converter.verify.OutputParity;
import io.portolan.exporter.ParityRow;
import io.portolan.exporter.comparison.ModelResult;
import io.portolan.exporter.comparison.Spread;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.TransitionEntry;
import io.portolan.graphs.training.Evaluation;
import io.portolan.runtime.Prediction;
import io.portolan.runtime.bench.ColdStart;
import io.portolan.runtime.bench.Measurement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables that commands print. */
final class Tables {
    /** Bytes per MiB. */
    private static final int MIB_SHIFT = 20;

    /** Number of columns for names. */
    private static final int LONGEST_CELL = 500;

    private Tables() {}

    static Lines parity(List<ParityRow> rows) {
        return table(
                rows,
                List.of(
                        left("input", ParityRow::inputs),
                        left("compared with the reference", ParityRow::form),
                        right("samples", row -> Integer.toString(row.samples())),
                        right("max abs", row -> scientific(row.maxAbsolute())),
                        right("max rel", row -> scientific(row.maxRelative())),
                        right("float32 noise", row -> scientific(row.noise())),
                        right("same verdict", row -> row.sameVerdict() + "/" + row.samples()),
                        right("tolerance", row -> scientific(row.tolerance())),
                        left("", row -> row.passed() ? "ok" : "DIFFERS")));
    }

    static Lines accuracies(Map<String, Evaluation> accuracies) {
        return table(
                List.copyOf(accuracies.entrySet()),
                List.of(
                        left("on the labelled data", Map.Entry::getKey),
                        right(
                                "samples",
                                entry -> Integer.toString(entry.getValue().samples())),
                        right(
                                "accuracy",
                                entry ->
                                        format("%.2f %%", 100 * entry.getValue().accuracy())),
                        right("loss", entry -> format("%.5f", entry.getValue().loss()))));
    }

    static Lines outputs(List<OutputParity> rows) {
        return table(
                rows,
                List.of(
                        left("compared on", OutputParity::inputs),
                        left("output", OutputParity::output),
                        left("type", OutputParity::type),
                        right("max abs", row -> scientific(row.maxAbsolute())),
                        right("max rel", row -> scientific(row.maxRelative())),
                        right("noise", row -> scientific(row.noise())),
                        right("same argmax", row -> row.sameArgmax() + "/" + row.rows()),
                        right("tolerance", row -> scientific(row.tolerance())),
                        left("", row -> row.passed() ? "ok" : "DIFFERS")));
    }

    static Lines predictions(List<Prediction> predictions) {
        return table(
                predictions,
                List.of(
                        left("image", Prediction::source),
                        left("verdict", Prediction::label),
                        right("confidence", prediction -> format("%.1f %%", 100 * prediction.confidence())),
                        right(
                                "logits",
                                prediction -> prediction.logits().stream()
                                        .map(logit -> format("%.5f", logit))
                                        .collect(Collectors.joining("  ")))));
    }

    static Lines measurements(BenchReport report) {
        List<ColumnData<Measurement>> columns = new ArrayList<>(List.of(
                left("model", row -> row.model().toString()),
                left("goal", row -> row.setting().mode().name().toLowerCase(Locale.ROOT)),
                right("threads", row -> Integer.toString(row.setting().threads())),
                right("batch", row -> Integer.toString(row.setting().batch())),
                right("runs", row -> Integer.toString(row.timings().runs())),
                right("min", row -> format("%.1f", row.timings().min())),
                right("p50", row -> format("%.1f", row.timings().percentile(50))),
                right("p90", row -> format("%.1f", row.timings().percentile(90))),
                right("p99", row -> format("%.1f", row.timings().percentile(99))),
                right("samples/s", row -> format("%.1f", row.samplesPerSecond())),
                right("speed over 1st row", row -> format("%.2f", report.speedOverFirst(row)))));
        if (report.measurements().stream().map(Measurement::model).distinct().count() > 1) {
            columns.add(right("p50 over 1st model", row -> format("%.2f", report.timeOverBase(row))));
        }
        return table(report.measurements(), columns);
    }

    static Lines comparison(List<ModelResult> models) {
        return table(
                models,
                List.of(
                        left("model", ModelResult::name),
                        right("test accuracy", row -> spread(row.accuracy(), 100, "%.1f") + " %"),
                        right("seeds", row -> Integer.toString(row.runs().size())),
                        right("parameters", row -> format("%,d", row.parameters())),
                        right("steps", row -> format("%,d", row.steps())),
                        right("images/s", row -> spread(row.imagesPerSecond(), 1, "%.0f")),
                        right("ONNX ms", row -> format("%.1f", row.onnx().milliseconds())),
                        right("ONNX bytes", row -> format("%,d", row.onnx().bytes()))));
    }

    private static String spread(Spread value, double unit, String pattern) {
        String mean = format(pattern, unit * value.mean());
        return value.deviation() == null ? mean : mean + " ± " + format(pattern, unit * value.deviation());
    }

    static Lines coldStarts(List<ColdStart> starts) {
        return table(
                starts,
                List.of(
                        left("model", row -> row.model().toString()),
                        right("starts", row -> Integer.toString(row.timings().runs())),
                        right(
                                "start to first prediction (median)",
                                row -> format("%.0f ms", row.timings().median())),
                        right("(min)", row -> format("%.0f ms", row.timings().min())),
                        left(
                                "resident / peak by batch",
                                row -> row.memory().isEmpty()
                                        ? "n/a"
                                        : row.memory().entrySet().stream()
                                                .map(entry -> format(
                                                        "%d: %d / %d MiB",
                                                        entry.getKey(),
                                                        entry.getValue().resident() >> MIB_SHIFT,
                                                        entry.getValue().peak() >> MIB_SHIFT))
                                                .collect(Collectors.joining(", ")))));
    }

    /** @param statistics those of arrays by path; empty to show none */
    static Lines arrays(Map<String, ArrayData> arrays, Map<String, ArrayStatistics> statistics) {
        List<ColumnData<Map.Entry<String, ArrayData>>> columns = new ArrayList<>(List.of(
                left("array", Map.Entry::getKey),
                left("shape", entry -> shape(entry.getValue().shape())),
                left("dtype", entry -> entry.getValue().type().label()),
                right("numbers", entry -> format("%,d", entry.getValue().size())),
                right("bytes", entry -> format("%,d", entry.getValue().byteCount()))));
        if (!statistics.isEmpty()) {
            columns.add(
                    right("min", entry -> number(statistics.get(entry.getKey()).min())));
            columns.add(
                    right("max", entry -> number(statistics.get(entry.getKey()).max())));
            columns.add(
                    right("mean", entry -> number(statistics.get(entry.getKey()).mean())));
            columns.add(right(
                    "NaN", entry -> format("%,d", statistics.get(entry.getKey()).nans())));
            columns.add(right(
                    "infinite",
                    entry -> format("%,d", statistics.get(entry.getKey()).infinities())));
        }
        return table(List.copyOf(arrays.entrySet()), columns);
    }

    static Lines differences(List<ArrayDifference> differences) {
        return table(
                differences,
                List.of(
                        left("array", ArrayDifference::path),
                        left("differs in", row -> row.kind().label()),
                        left("first", row -> row.first().orElse("")),
                        left("second", row -> row.second().orElse("")),
                        right("elements", row -> format("%,d", row.elements())),
                        right("max abs", row -> measured(row) ? scientific(row.maxAbsolute()) : ""),
                        right("max rel", row -> measured(row) ? scientific(row.maxRelative()) : "")));
    }

    static Lines gates(List<CellDescription.GateRow> gates) {
        return table(
                gates,
                List.of(
                        left("gate", row -> row.gate().symbol()),
                        left("in the checkpoint", CellDescription.GateRow::name),
                        right(
                                "σ(mean w + mean b)",
                                row -> format("%.4f", row.gate().recipe())),
                        right(
                                "by its own range",
                                row -> format("%.4f", row.gate().value())),
                        left(
                                "range",
                                row -> format(
                                        "%.2f to %.2f",
                                        row.gate().range().low(),
                                        row.gate().range().high())),
                        left("what it does", CellDescription.GateRow::role)));
    }

    static Lines kernels(List<CellDescription.KernelRow> kernels) {
        return table(
                kernels,
                List.of(
                        left("kernel", CellDescription.KernelRow::symbol),
                        left("in the checkpoint", row -> row.kernel().name()),
                        right(
                                "channels",
                                row -> format("%,d", row.kernel().channels().size())),
                        left("size", row -> shape(row.kernel().mean())),
                        right("max |w|", row -> format("%.4f", row.kernel().largestWeight())),
                        right(
                                "mean |spectrum|",
                                row -> format("%.4f", row.kernel().magnitude().mean())),
                        right(
                                "as applied",
                                row -> format("%.4f", row.kernel().squashed().mean())),
                        right("at most", row -> format("%.4f", row.kernel().largestApplied())),
                        left("what it does", CellDescription.KernelRow::role)));
    }

    private static String shape(Plane plane) {
        return plane.height() + "x" + plane.width();
    }

    static Lines matrix(List<String> states, List<List<TransitionEntry>> rows) {
        List<ColumnData<Integer>> columns = new ArrayList<>();
        columns.add(left("to, from", states::get));
        for (int from = 0; from < rows.size(); from++) {
            int column = from;
            columns.add(left(
                    states.get(from), row -> CellDescription.shown(rows.get(row).get(column))));
        }
        return table(IntStream.range(0, rows.size()).boxed().toList(), columns);
    }

    private static boolean measured(ArrayDifference row) {
        return row.kind().ordinal() >= ArrayDifference.Kind.TYPE.ordinal();
    }

    private static String number(double value) {
        return format("%.6g", value);
    }

    static Lines pairs(Map<String, String> pairs) {
        return table(
                List.copyOf(pairs.entrySet()), List.of(left("", Map.Entry::getKey), left("", Map.Entry::getValue)));
    }

    /** The confusion matrix: the labels are rows, the predicted classes columns. */
    static Lines confusion(List<String> labels, List<List<Integer>> counts) {
        List<ColumnData<Integer>> columns = new ArrayList<>();
        columns.add(left("", row -> "is " + labels.get(row)));
        for (int verdict = 0; verdict < labels.size(); verdict++) {
            int column = verdict;
            columns.add(right(
                    "called " + labels.get(verdict),
                    row -> format("%,d", counts.get(row).get(column))));
        }
        return table(IntStream.range(0, labels.size()).boxed().toList(), columns);
    }

    static String shape(long[] shape) {
        return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", ", "(", ")"));
    }

    static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    static String scientific(double value) {
        return format("%.1e", value);
    }

    private static <R> Lines table(List<R> rows, List<ColumnData<R>> columns) {
        return new Lines(
                AsciiTable.getTable(AsciiTable.NO_BORDERS, rows, columns).stripTrailing());
    }

    private static <R> ColumnData<R> left(String header, Function<R, String> cell) {
        return column(header, HorizontalAlign.LEFT).with(row -> shown(cell.apply(row)));
    }

    private static <R> ColumnData<R> right(String header, Function<R, String> cell) {
        return column(header, HorizontalAlign.RIGHT).with(row -> shown(cell.apply(row)));
    }

    /** A cell is one line: a name that contains a line break would look like two rows. */
    private static String shown(String cell) {
        return VisibleText.line(cell, LONGEST_CELL);
    }

    private static Column column(String header, HorizontalAlign align) {
        // The library would wrap long cells; a wrapped path cannot be copied.
        return new Column()
                .header(shown(header))
                .headerAlign(align)
                .dataAlign(align)
                .maxWidth(Integer.MAX_VALUE);
    }
}
