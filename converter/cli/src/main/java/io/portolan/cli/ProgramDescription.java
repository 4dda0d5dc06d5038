package io.portolan.cli;

import io.portolan.programs.Program;
import io.portolan.programs.ProgramSummary;
import io.portolan.programs.stablehlo.TensorType;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What 'inspect' shows of a JAX program. */
final class ProgramDescription {
    private static final int CONSTANTS = 10;

    private final Path file;
    private final Program program;
    private final ProgramSummary summary;

    ProgramDescription(Path file, Program program) {
        this.file = file;
        this.program = program;
        this.summary = ProgramSummary.of(program.module());
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file.toString());
        map.put("form", program.form());
        map.put("function", program.name());
        map.put("platforms", program.platforms());
        map.put("arguments", leaves(program.arguments()));
        map.put("results", leaves(program.results()));
        map.put("operations", operations());
        map.put("flops", summary.flops());
        map.put("constants", constants());
        map.put("constant_bytes", summary.constantBytes());
        return map;
    }

    String toText() {
        Map<String, String> head = new LinkedHashMap<>();
        head.put("file", file.toString());
        head.put("form", program.form());
        head.put("function", program.name());
        if (!program.platforms().isEmpty()) {
            head.put("platforms", String.join(", ", program.platforms()));
        }
        head.put(
                "arguments",
                program.arguments().size() + ", of which the code takes "
                        + program.usedArguments().size());
        head.put("results", Integer.toString(program.results().size()));
        head.put(
                "operations",
                Long.toString(summary.operations().values().stream()
                        .mapToLong(Long::longValue)
                        .sum()));
        head.put("FLOPs", String.format(Locale.ROOT, "%.3g (bodies of loops once, open sizes as 1)", summary.flops()));
        head.put("constants", summary.constants().size() + ", " + summary.constantBytes() + " bytes");
        return String.join(
                "\n",
                Tables.pairs(head).toString(),
                "",
                "arguments",
                Tables.pairs(types(program.arguments())).toString(),
                "",
                "results",
                Tables.pairs(types(program.results())).toString(),
                "",
                "operations",
                Tables.pairs(counts()).toString(),
                summary.constants().isEmpty() ? "" : "\nlargest constants\n" + String.join("\n", constants()));
    }

    private static List<Map<String, Object>> leaves(List<Program.Argument> leaves) {
        return leaves.stream()
                .map(leaf -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("path", leaf.path());
                    row.put("type", leaf.element().toString());
                    row.put("shape", leaf.shape());
                    row.put("used", leaf.isUsed());
                    return row;
                })
                .toList();
    }

    private static Map<String, String> types(List<Program.Argument> leaves) {
        Map<String, String> types = new LinkedHashMap<>();
        for (Program.Argument leaf : leaves) {
            types.put(
                    leaf.path().isEmpty() ? "(the only one)" : leaf.path(),
                    leaf.element() + leaf.shape().toString() + (leaf.isUsed() ? "" : ", not used"));
        }
        return types;
    }

    /** The most frequent first. */
    private Map<String, Long> operations() {
        return summary.operations().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
    }

    private Map<String, String> counts() {
        Map<String, String> counts = new LinkedHashMap<>();
        operations().forEach((name, count) -> counts.put(name, count.toString()));
        return counts;
    }

    private List<String> constants() {
        return summary.constants().stream()
                .limit(CONSTANTS)
                .map(TensorType::toString)
                .toList();
    }
}
