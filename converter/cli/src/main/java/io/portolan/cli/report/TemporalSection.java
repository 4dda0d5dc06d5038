package io.portolan.cli.report;

import io.portolan.graphs.attribution.Plane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The section on the frames, and the pixels in them, that the verdict depends on. */
final class TemporalSection {
    private TemporalSection() {}

    static Section of(Explanation explanation) {
        int frames = explanation.samples().get(0).temporal().maps().size();
        List<String> steps =
                IntStream.range(0, frames).mapToObj(Integer::toString).toList();
        List<Block> blocks = new ArrayList<>(List.of(new Block.Text(
                "The gradient of the logit of each image's explained class, its verdict unless another is"
                        + " chosen, with respect to the input, with every frame as a separate input. Bars and curves are means over"
                        + " the images of one class.")));
        blocks.add(new Block.Illustration(new Chart(
                Chart.Kind.BARS,
                "Gradient by frame",
                "Bars of the summed gradient magnitude of each frame, for each class.",
                "frame t",
                "Σ |∂logit / ∂input|",
                steps,
                series(explanation, sample -> sample.temporal().perFrame()))));
        blocks.add(new Block.Illustration(new Chart(
                Chart.Kind.LINES,
                "Cumulative gradient",
                "Curves of the share of the gradient up to each frame, for each class.",
                "frame t",
                "share of the whole, frames 0 to t",
                steps,
                series(explanation, sample -> sample.temporal().cumulative()))));
        for (Explanation.Sample sample : explanation.samples()) {
            Map<String, Plane> maps = new LinkedHashMap<>();
            for (int t = 0; t < steps.size(); t++) {
                maps.put("frame " + t, sample.temporal().maps().get(t));
            }
            MapGrid grid = MapGrid.of(
                    "Gradient over the image, " + sample.name(),
                    "For each frame a map of the gradient magnitude, over the image.",
                    "pixels",
                    "Σ over colours of |∂logit / ∂input|; the strongest 0.5 % share a colour",
                    maps,
                    Scale::ofMostMagnitudes);
            blocks.add(new Block.Group(
                    sample.name() + ": " + sample.prediction().label(),
                    sample == explanation.samples().get(0),
                    List.of(new Block.Illustration(grid.over(t -> Pictures.ofFrame(
                                    sample.input(), t, explanation.config().input()))
                            .playing()))));
        }
        return new Section("temporal", "Temporal gradients", blocks);
    }

    /** For each class, the mean over the images for which it is explained. */
    private static List<Chart.Series> series(Explanation explanation, Function<Explanation.Sample, double[]> values) {
        return explanation.chosenClasses().stream()
                .map(chosen -> {
                    List<double[]> all =
                            explanation.of(chosen).stream().map(values).toList();
                    double[] mean = IntStream.range(0, all.get(0).length)
                            .mapToDouble(t -> all.stream()
                                    .mapToDouble(one -> one[t])
                                    .average()
                                    .orElseThrow())
                            .toArray();
                    return new Chart.Series(explanation.labels().get(chosen), mean);
                })
                .toList();
    }
}
