package io.portolan.cli;

import io.portolan.checkpoints.inspection.ArrayDifference;
import io.portolan.checkpoints.inspection.CheckpointDifference;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What 'inspect' shows of the differences of two checkpoints. */
final class DifferenceDescription {
    private final Path first;
    private final Path second;
    private final CheckpointDifference difference;

    DifferenceDescription(Path first, Path second, CheckpointDifference difference) {
        this.first = first;
        this.second = second;
        this.difference = difference;
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("first", first.toString());
        map.put("second", second.toString());
        map.put("equal", difference.equal());
        map.put(
                "differences",
                difference.differences().stream()
                        .map(DifferenceDescription::row)
                        .toList());
        return map;
    }

    private static Map<String, Object> row(ArrayDifference array) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("path", array.path());
        row.put("kind", array.kind().name().toLowerCase(Locale.ROOT));
        array.first().ifPresent(type -> row.put("first", type));
        array.second().ifPresent(type -> row.put("second", type));
        row.put("elements", array.elements());
        row.put("max_abs", Json.number(array.maxAbsolute()));
        row.put("max_rel", Json.number(array.maxRelative()));
        return row;
    }

    void print(PrintWriter out) {
        List<ArrayDifference> arrays = difference.differences();
        out.println(Tables.format(
                "first %s, second %s: %,d arrays with the same bits, %,d that differ",
                first, second, difference.equal(), arrays.size()));
        if (!arrays.isEmpty()) {
            out.println();
            out.println(Tables.differences(arrays));
        }
    }
}
