package io.portolan.cli.report;

import static io.portolan.cli.report.Block.markup;
import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import io.portolan.graphs.attribution.Plane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The section on gates: from their weights alone, and their values on the images. */
final class GateSection {
    private GateSection() {}

    static Section of(Explanation explanation) {
        List<Block> blocks = new ArrayList<>(
                List.of(new Block.Text("The summary is σ(mean weight + mean bias), which depends on the weights"
                        + " alone: no gate takes this value, and it is near 0.5 wherever the mean is near 0. The other columns show the"
                        + " values of the gates on these images, over all steps and frequencies.")));
        for (Explanation.Cell cell : explanation.cells()) {
            List<List<Block.Cell>> rows = new ArrayList<>();
            Map<String, Plane> maps = new LinkedHashMap<>();
            cell.observations().get(0).gates().keySet().forEach(gate -> {
                String symbol = explanation.notation().gates().get(gate);
                List<List<Plane>> ofSamples = cell.observations().stream()
                        .map(seen -> seen.gates().get(gate))
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
                                        ? Numbers.fixed(
                                                cell.gateSummary().get(gate).recipe(), 4)
                                        : ""),
                        number(Numbers.fixed(mean.mean(), 4)),
                        number(Numbers.brief(range.low())),
                        number(Numbers.brief(range.high())),
                        markup(SvgChart.sparkline(overTime))));
                maps.put(symbol + " (" + gate + ")", Spectra.centred(mean));
            });
            if (rows.isEmpty()) {
                blocks.add(new Block.Text("No gate of " + cell.path() + " acts at spatial frequencies."));
                continue;
            }
            blocks.add(new Block.Table(
                    List.of("gate", "in the checkpoint", "summary", "mean", "smallest", "largest", "mean over steps"),
                    rows));
            blocks.add(new Block.Illustration(MapGrid.of(
                    "Gates over frequencies, " + cell.path(),
                    "For each gate a map of its mean value at every spatial frequency.",
                    Spectra.AXES,
                    "gate value, mean over images and steps",
                    maps,
                    Scale::ofRange)));
        }
        return new Section("gates", "Gates", blocks);
    }
}
