package io.portolan.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.ConversionReport.NodeReport;
import io.portolan.converter.verify.OutputParity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of a conversion, as an HTML page or as JSON. */
public final class ReportFile {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final OutputFile file;
    private final boolean isPage;

    private ReportFile(OutputFile file, boolean isPage) {
        this.file = file;
        this.isPage = isPage;
    }

    /**
     * Checks that the report can be written.
     *
     * @param path ends with {@code .json} or {@code .html}
     * @param replace whether a file of that name may be overwritten
     */
    public static ReportFile at(Path path, boolean replace) throws IOException {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".json") && !name.endsWith(".html")) {
            throw new IOException(path + ": expected a name that ends with .json or .html");
        }
        return new ReportFile(OutputFile.at(path, replace), name.endsWith(".html"));
    }

    /** Writes the report of a model. */
    public void write(String model, ConversionReport report) throws IOException {
        file.write(isPage ? page(model, report).getBytes(StandardCharsets.UTF_8) : MAPPER.writeValueAsBytes(report));
    }

    /** A table of the page; omitted if it has no rows. */
    private record Table(List<String> header, List<List<String>> rows) {
        static Table of(List<String> header, Map<String, ?> rows) {
            return new Table(
                    header,
                    rows.entrySet().stream()
                            .map(row -> List.of(row.getKey(), row.getValue().toString()))
                            .toList());
        }
    }

    private static String page(String model, ConversionReport report) {
        List<Table> tables = List.of(
                Table.of(List.of("input", "type"), report.inputs()),
                Table.of(List.of("output", "type"), report.outputs()),
                new Table(
                        List.of(
                                "compared on",
                                "output",
                                "type",
                                "max abs",
                                "max rel",
                                "noise",
                                "same argmax",
                                "tolerance",
                                ""),
                        report.parity().stream().map(ReportFile::cells).toList()),
                Table.of(List.of("operator", "count"), report.operators()),
                new Table(
                        List.of("TensorFlow node", "op", "outcome", "translated to", "in the model"),
                        report.nodes().stream().map(ReportFile::cells).toList()));
        return Templates.render(
                "conversion",
                Map.of(
                        "model", model,
                        "opset", report.opset(),
                        "nodes", report.nodes().size(),
                        "checked", report.checked(),
                        "tables",
                                tables.stream()
                                        .filter(table -> !table.rows().isEmpty())
                                        .toList()));
    }

    private static List<String> cells(OutputParity row) {
        return List.of(
                row.inputs(),
                row.output(),
                row.type(),
                number(row.maxAbsolute()),
                number(row.maxRelative()),
                number(row.noise()),
                row.sameArgmax() + "/" + row.rows(),
                number(row.tolerance()),
                row.passed() ? "ok" : "DIFFERS");
    }

    private static List<String> cells(NodeReport node) {
        return List.of(
                node.name(),
                node.op(),
                node.outcome().name().toLowerCase(Locale.ROOT),
                String.join(", ", node.translatedTo()),
                String.join(", ", node.written()));
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "%.1e", number);
    }
}
