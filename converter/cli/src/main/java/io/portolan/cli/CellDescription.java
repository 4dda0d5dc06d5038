package io.portolan.cli;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.cli.CellOptions.Part;
import io.portolan.cli.report.KernelArrays;
import io.portolan.graphs.attribution.CellWeights;
import io.portolan.graphs.attribution.GateSummary;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.SpatialKernel;
import io.portolan.graphs.attribution.TransitionEntry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What 'inspect' shows of the weights of a model's cells. */
final class CellDescription {
    private final Path file;
    private final List<CellWeights> cells;
    private final Set<Part> parts;

    CellDescription(Path file, List<CellWeights> cells, Set<Part> parts) {
        this.file = file;
        this.cells = cells;
        this.parts = parts;
    }

    /** A row of the table of gates. */
    record GateRow(String name, GateSummary gate, String role) {}

    /** A row of the table of kernels. */
    record KernelRow(SpatialKernel kernel, String symbol, String role) {}

    Map<String, Object> toMap() {
        return Map.of(
                "file", file.toString(), "cells", cells.stream().map(this::map).toList());
    }

    private Map<String, Object> map(CellWeights cell) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("cell", cell.path());
        map.put("states", cell.notation().states());
        if (parts.contains(Part.GATES)) {
            map.put("gates", gates(cell).stream().map(CellDescription::map).toList());
        }
        if (parts.contains(Part.KERNELS)) {
            map.put("kernels", kernels(cell).stream().map(CellDescription::map).toList());
        }
        if (parts.contains(Part.MATRIX)) {
            map.put(
                    "transition",
                    cell.transition().stream()
                            .map(row -> row.stream().map(CellDescription::map).toList())
                            .toList());
        }
        return map;
    }

    private static Map<String, Object> map(GateRow row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", row.name());
        map.put("symbol", row.gate().symbol());
        map.put("summary", row.gate().recipe());
        map.put("value", row.gate().value());
        map.put("low", Json.number(row.gate().range().low()));
        map.put("high", Json.number(row.gate().range().high()));
        map.put("role", row.role());
        return map;
    }

    private static Map<String, Object> map(KernelRow row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", row.kernel().name());
        map.put("symbol", row.symbol());
        map.put("channels", row.kernel().channels().size());
        map.put("largest_weight", row.kernel().largestWeight());
        map.put("mean", row.kernel().mean().rows());
        map.put("mean_magnitude", row.kernel().magnitude().mean());
        map.put("mean_applied_magnitude", row.kernel().squashed().mean());
        map.put("largest_applied_magnitude", row.kernel().largestApplied());
        map.put("role", row.role());
        return map;
    }

    private static Map<String, Object> map(TransitionEntry entry) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("symbols", entry.symbols());
        entry.bounds().ifPresent(bounds -> {
            map.put("low", bounds.low());
            map.put("value", bounds.value());
            map.put("high", Json.number(bounds.high()));
        });
        return map;
    }

    void print(PrintWriter out) {
        List<String> paragraphs = new ArrayList<>();
        for (CellWeights cell : cells) {
            if (parts.contains(Part.GATES)) {
                paragraphs.add("gates of " + cell.path() + "\n" + Tables.gates(gates(cell)));
            }
            if (parts.contains(Part.KERNELS)) {
                paragraphs.add("kernels of " + cell.path() + "\n" + Tables.kernels(kernels(cell)));
            }
            if (parts.contains(Part.MATRIX)) {
                paragraphs.add("transition matrix of " + cell.path()
                        + ": magnitude at the gates' and kernels' means, and its bounds\n"
                        + Tables.matrix(cell.notation().states(), cell.transition()));
            }
        }
        out.println(new Lines(String.join("\n\n", paragraphs)));
    }

    private static List<GateRow> gates(CellWeights cell) {
        Map<String, String> roles = cell.notation().roles();
        return cell.gates().entrySet().stream()
                .map(gate -> new GateRow(gate.getKey(), gate.getValue(), roles.get(gate.getKey())))
                .toList();
    }

    private static List<KernelRow> kernels(CellWeights cell) {
        Map<String, String> roles = cell.notation().roles();
        return cell.kernels().stream()
                .map(kernel ->
                        new KernelRow(kernel, cell.notation().kernels().get(kernel.name()), roles.get(kernel.name())))
                .toList();
    }

    /** The arrays by name: of gates and entries of the matrix the numbers of the tables, of kernels also the maps. */
    Map<String, ArrayData> arrays() {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        for (CellWeights cell : cells) {
            if (parts.contains(Part.GATES)) {
                cell.gates()
                        .forEach((name, gate) ->
                                arrays.put(cell.path() + "/gates/" + name, numbers(gate.recipe(), gate.value())));
            }
            if (parts.contains(Part.KERNELS)) {
                arrays.putAll(KernelArrays.of(cell.path(), cell.kernels()));
            }
            if (parts.contains(Part.MATRIX)) {
                int states = cell.transition().size();
                List<Plane> entries = cell.transition().stream()
                        .flatMap(List::stream)
                        .map(entry -> entry.bounds()
                                .map(bounds -> new Plane(1, 3, new float[] {
                                    (float) bounds.low(), (float) bounds.value(), (float) bounds.high()
                                }))
                                .orElseGet(() -> new Plane(1, 3, new float[] {Float.NaN, Float.NaN, Float.NaN})))
                        .toList();
                arrays.put(
                        cell.path() + "/transition",
                        ArrayData.ofFloats(new long[] {states, states, 3}, Plane.joined(entries)));
            }
        }
        return arrays;
    }

    private static ArrayData numbers(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return ArrayData.ofFloats(new long[] {floats.length}, floats);
    }

    /** An entry of a matrix for a table. */
    static String shown(TransitionEntry entry) {
        return entry.symbols()
                + entry.bounds()
                        .filter(bounds -> bounds.high() > 0)
                        .map(bounds ->
                                Tables.format(" = %.3f (%.2f to %.2f)", bounds.value(), bounds.low(), bounds.high()))
                        .orElse("");
    }
}
