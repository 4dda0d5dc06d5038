package io.portolan.cli;

import io.portolan.converter.inspection.ModelSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What 'inspect' shows of an ONNX file, a SavedModel or a frozen graph. */
final class ModelFileDescription {
    private final Path file;
    private final ModelSummary summary;

    ModelFileDescription(Path file, ModelSummary summary) {
        this.file = file;
        this.summary = summary;
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file.toString());
        map.put("form", summary.form());
        summary.facts().forEach((name, value) -> map.put(name.replace(' ', '_'), value));
        map.put("inputs", rows(summary.inputs()));
        map.put("outputs", rows(summary.outputs()));
        map.put("operations", summary.operations());
        map.put("weights", summary.weights());
        map.put("weight_bytes", summary.weightBytes());
        map.put("metadata", summary.metadata());
        return map;
    }

    void print(PrintWriter out) {
        Map<String, String> head = new LinkedHashMap<>();
        head.put("file", file.toString());
        head.put("form", summary.form());
        head.putAll(summary.facts());
        head.put(
                "operations",
                Long.toString(summary.operations().values().stream()
                        .mapToLong(Long::longValue)
                        .sum()));
        head.put("weights", Tables.format("%,d, %,d bytes", summary.weights(), summary.weightBytes()));
        out.println(Tables.pairs(head));
        print(out, "inputs", types(summary.inputs()));
        print(out, "outputs", types(summary.outputs()));
        Map<String, String> counts = new LinkedHashMap<>();
        summary.operations().forEach((name, count) -> counts.put(name, count.toString()));
        print(out, "operations", counts);
        print(out, "metadata", summary.metadata());
    }

    private static void print(PrintWriter out, String title, Map<String, String> rows) {
        if (!rows.isEmpty()) {
            out.println();
            out.println(title);
            out.println(Tables.pairs(rows));
        }
    }

    private static Map<String, String> types(List<ModelSummary.Port> ports) {
        Map<String, String> types = new LinkedHashMap<>();
        ports.forEach(port -> types.put(port.name(), port.type() + port.shape()));
        return types;
    }

    private static List<Map<String, Object>> rows(List<ModelSummary.Port> ports) {
        return ports.stream()
                .map(port -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("name", port.name());
                    row.put("type", port.type());
                    row.put("shape", port.shape());
                    return row;
                })
                .toList();
    }
}
