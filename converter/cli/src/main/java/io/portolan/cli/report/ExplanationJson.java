package io.portolan.cli.report;

import io.portolan.graphs.attribution.AttentionMaps;
import io.portolan.graphs.attribution.CellObservation;
import io.portolan.graphs.attribution.MechanismGradients;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.SpatialKernel;
import io.portolan.graphs.attribution.StepTerms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The numbers of an explanation as JSON, without the maps over pixels and frequencies, which the Java API has. */
public final class ExplanationJson {
    private ExplanationJson() {}

    public static Map<String, Object> of(Explanation explanation) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("checkpoint", explanation.name());
        report.put("configuration", explanation.config().toMap());
        report.put("labels", explanation.labels());
        report.put(
                "integration",
                Map.of(
                        "points", explanation.path().points(),
                        "baseline", explanation.path().baseline().name().toLowerCase(Locale.ROOT),
                        "rule", explanation.path().rule().name().toLowerCase(Locale.ROOT)));
        report.put(
                "images",
                IntStream.range(0, explanation.samples().size())
                        .mapToObj(number -> sample(explanation, number))
                        .toList());
        report.put("absent", explanation.absences());
        report.put(
                "cells",
                explanation.cells().stream()
                        .map(cell -> cell(explanation, cell))
                        .toList());
        return report;
    }

    private static Map<String, Object> sample(Explanation explanation, int number) {
        Explanation.Sample sample = explanation.samples().get(number);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("source", sample.prediction().source());
        fields.put("remark", sample.remark());
        fields.put("label", sample.prediction().label());
        fields.put("logits", sample.prediction().logits());
        fields.put("probabilities", sample.prediction().probabilities());
        fields.put("explained_class", explanation.labels().get(sample.chosenClass()));
        fields.put("temporal_gradients", sample.temporal().perFrame());
        fields.put("cumulative_temporal_gradients", sample.temporal().cumulative());
        Map<String, MechanismGradients.Mechanism> mechanisms =
                sample.mechanisms().mechanisms();
        fields.put("mechanisms", mechanisms);
        Map<String, Object> kernels = new LinkedHashMap<>();
        sample.mechanisms().kernels().forEach((path, plane) -> kernels.put(path, plane.rows()));
        fields.put("kernel_gradients", kernels);
        fields.put("contributions", contributions(explanation, number));
        fields.put(
                "integrated_gradients",
                Map.of(
                        "sum", sample.integrated().total(),
                        "gained", sample.integrated().gained(),
                        "completeness_error", sample.integrated().completenessError()));
        return fields;
    }

    /** By cell, state and term what each step's term contributes to the logit. */
    private static Map<String, Object> contributions(Explanation explanation, int sample) {
        Map<String, Object> byCell = new LinkedHashMap<>();
        for (Explanation.Cell cell : explanation.cells()) {
            Map<String, Object> byState = new LinkedHashMap<>();
            for (StepTerms.State state : cell.steps().isEmpty()
                    ? List.<StepTerms.State>of()
                    : cell.steps().get(sample).states()) {
                Map<String, double[]> byTerm = new LinkedHashMap<>();
                state.terms().forEach(term -> byTerm.put(term.symbol(), term.contributions()));
                if (!byTerm.isEmpty()) {
                    byState.put(state.symbol(), byTerm);
                }
            }
            byCell.put(cell.path(), byState);
        }
        return byCell;
    }

    private static Map<String, Object> cell(Explanation explanation, Explanation.Cell cell) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("cell", cell.path());
        Map<String, Object> summary = new LinkedHashMap<>();
        cell.gateSummary().forEach((gate, weights) -> summary.put(gate, weights.recipe()));
        fields.put("gate_summary", summary);
        Map<String, Object> gates = new LinkedHashMap<>();
        addGates(cell, CellObservation::gates, gates);
        addGates(cell, CellObservation::gatesInSpace, gates);
        fields.put("gates", gates);
        cell.transition().ifPresent(known -> {
            fields.put("transition", explanation.notation().transition());
            fields.put("transition_magnitudes", known.magnitudes());
            fields.put(
                    "spectral_radius",
                    Map.of(
                            "mean", known.radius().mean(),
                            "max", known.largestRadius().largest()));
        });
        Map<String, Object> kernels = new LinkedHashMap<>();
        for (SpatialKernel kernel : cell.kernels()) {
            kernels.put(kernel.name(), kernel.mean().rows());
        }
        fields.put("mean_kernels", kernels);
        cell.filters()
                .forEach(filters -> kernels.put(filters.name(), filters.mean().rows()));
        cell.receptiveField().ifPresent(field -> fields.put("receptive_field", field.extents()));
        Map<String, Object> distances = new LinkedHashMap<>();
        for (int i = 0; i < explanation.samples().size(); i++) {
            String source = explanation.samples().get(i).prediction().source();
            cell.attention().get(i).stream()
                    .filter(layer -> layer.among() == AttentionMaps.Among.PLACES)
                    .forEach(layer -> distances.put(source, layer.distances()));
        }
        if (!distances.isEmpty()) {
            fields.put("attention_distances", distances);
        }
        cell.approximations()
                .ifPresent(runs -> fields.put("simplified_gates", runs.get(0).gates()));
        return fields;
    }

    private static void addGates(
            Explanation.Cell cell,
            Function<CellObservation, Map<String, List<Plane>>> gates,
            Map<String, Object> numbers) {
        gates.apply(cell.observations().get(0)).keySet().forEach(gate -> {
            List<Plane> planes = cell.observations().stream()
                    .flatMap(seen -> gates.apply(seen).get(gate).stream())
                    .toList();
            Scale range = Scale.ofRange(planes);
            numbers.put(gate, Map.of("mean", Plane.mean(planes).mean(), "min", range.low(), "max", range.high()));
        });
    }
}
