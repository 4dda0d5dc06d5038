package io.portolan.cli.report;

import static io.portolan.cli.report.Block.markup;
import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import io.portolan.graphs.attribution.CellObservation;
import io.portolan.graphs.attribution.Plane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** The section on gates: from their weights alone, and their values on the images. */
final class GateSection {
    private GateSection() {}

    static Section of(Explanation explanation) {
        if (explanation.cells().stream().allMatch(GateSection::hasNone)) {
            return new Section("gates", "Gates", List.of());
        }
        List<Block> blocks = new ArrayList<>(
                List.of(new Block.Text("The summary is σ(mean weight + mean bias), which depends on the weights"
                        + " alone: no gate takes this value, and it is near 0.5 wherever the mean is near 0. The other columns show the"
                        + " values of the gates on these images, over all steps and frequencies or places.")));
        for (Explanation.Cell cell : explanation.cells()) {
            if (hasNone(cell)) {
                continue;
            }
            List<List<Block.Cell>> rows = new ArrayList<>();
            Map<String, Plane> overFrequencies =
                    means(explanation, cell, CellObservation::gates, Spectra::centred, rows);
            Map<String, Plane> overMap =
                    means(explanation, cell, CellObservation::gatesInSpace, UnaryOperator.identity(), rows);
            blocks.add(new Block.Table(
                    List.of("gate", "in the checkpoint", "summary", "mean", "smallest", "largest", "mean over steps"),
                    rows));
            if (!overFrequencies.isEmpty()) {
                blocks.add(figure("frequencies", Spectra.AXES, cell, overFrequencies));
            }
            if (!overMap.isEmpty()) {
                blocks.add(figure("the map", "positions on the map", cell, overMap));
            }
        }
        return new Section("gates", "Gates", blocks);
    }

    private static boolean hasNone(Explanation.Cell cell) {
        CellObservation seen = cell.observations().get(0);
        return seen.gates().isEmpty() && seen.gatesInSpace().isEmpty();
    }

    private static Block figure(String over, String axes, Explanation.Cell cell, Map<String, Plane> means) {
        return new Block.Illustration(MapGrid.of(
                "Gates over " + over + ", " + cell.path(),
                "For each gate a map of its mean values.",
                axes,
                "gate value, mean over images and steps",
                means,
                Scale::ofRange));
    }

    /** The means of gates by their labels; their rows of the table are appended. */
    private static Map<String, Plane> means(
            Explanation explanation,
            Explanation.Cell cell,
            Function<CellObservation, Map<String, List<Plane>>> gates,
            UnaryOperator<Plane> arranged,
            List<List<Block.Cell>> rows) {
        Map<String, Plane> means = new LinkedHashMap<>();
        gates.apply(cell.observations().get(0)).keySet().forEach(gate -> {
            String symbol = explanation.notation().gates().get(gate);
            List<List<Plane>> ofSamples = cell.observations().stream()
                    .map(seen -> gates.apply(seen).get(gate))
                    .toList();
            List<Plane> all = ofSamples.stream().flatMap(List::stream).toList();
            Plane mean = Plane.mean(all);
            Scale range = Scale.ofRange(all);
            double[] overTime = IntStream.range(0, ofSamples.get(0).size())
                    .mapToDouble(t -> ofSamples.stream()
                            .mapToDouble(steps -> steps.get(t).mean())
                            .average()
                            .orElseThrow())
                    .toArray();
            rows.add(List.of(
                    words(symbol),
                    words(gate),
                    number(
                            cell.gateSummary().containsKey(gate)
                                    ? Numbers.fixed(cell.gateSummary().get(gate).recipe(), 4)
                                    : ""),
                    number(Numbers.fixed(mean.mean(), 4)),
                    number(Numbers.brief(range.low())),
                    number(Numbers.brief(range.high())),
                    markup(SvgChart.sparkline(overTime))));
            means.put(symbol + " (" + gate + ")", arranged.apply(mean));
        });
        return means;
    }
}
