package io.portolan.converter.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.converter.export.ConversionReport.NodeReport;
import io.portolan.converter.verify.OutputParity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A file to read about a conversion: a page for people, or JSON. */
public final class ReportFile {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final OutputFile file;
    private final boolean isPage;

    private ReportFile(OutputFile file, boolean isPage) {
        this.file = file;
        this.isPage = isPage;
    }

    /**
     * Makes sure that the report can be written.
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

    private static String page(String model, ConversionReport report) {
        return PAGE.formatted(
                escaped(model), escaped(model), report.opset(), report.nodes().size(), escaped(report.checked()),
                table(List.of("input", "type"), report.inputs()),
                table(List.of("output", "type"), report.outputs()),
                table(List.of("output", "type", "max abs", "max rel", "noise", "same argmax", "tolerance", ""),
                        report.parity().stream().map(ReportFile::cells).toList()),
                table(List.of("operator", "count"), report.operators()),
                table(List.of("TensorFlow node", "op", "what became of it", "translated to", "in the model"),
                        report.nodes().stream().map(ReportFile::cells).toList()));
    }

    private static List<String> cells(OutputParity row) {
        return List.of(row.output(), row.type(), number(row.maxAbsolute()), number(row.maxRelative()), number(row.noise()),
                row.sameArgmax() + "/" + row.rows(), number(row.tolerance()), row.passed() ? "ok" : "DIFFERS");
    }

    private static List<String> cells(NodeReport node) {
        return List.of(node.name(), node.op(), node.outcome().name().toLowerCase(Locale.ROOT),
                String.join(", ", node.translatedTo()), String.join(", ", node.written()));
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "%.1e", number);
    }

    private static String table(List<String> header, Map<String, ?> rows) {
        List<List<String>> cells = new ArrayList<>();
        rows.forEach((name, value) -> cells.add(List.of(name, value.toString())));
        return table(header, cells);
    }

    private static String table(List<String> header, List<List<String>> rows) {
        return rows.isEmpty() ? "" : "<table><thead>" + row("th", header) + "</thead><tbody>\n"
                + rows.stream().map(row -> row("td", row)).collect(Collectors.joining("\n")) + "</tbody></table>";
    }

    private static String row(String tag, List<String> cells) {
        return cells.stream().map(cell -> "<" + tag + ">" + escaped(cell) + "</" + tag + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>"));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>%s</title>
            <style>
            body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 80em; padding: 0 1em; }
            table { border-collapse: collapse; margin: 1em 0; }
            th, td { border-bottom: 1px solid #ddd; padding: .2em .8em .2em 0; text-align: left; vertical-align: top; }
            td { overflow-wrap: anywhere; }
            </style>
            </head>
            <body>
            <h1>%s</h1>
            <p>Opset %d, from %d TensorFlow nodes. ONNX checker: %s.</p>
            %s
            %s
            %s
            %s
            %s
            </body>
            </html>
            """;
}
