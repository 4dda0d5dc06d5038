package io.portolan.cli.report;

import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import io.portolan.graphs.attribution.IntegratedGradients;
import io.portolan.graphs.attribution.Plane;
import io.portolan.images.ImageInput;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The section on integrated gradients and their completeness. */
final class IntegratedSection {
    private IntegratedSection() {}

    static Section of(Explanation explanation) {
        ImageInput input = explanation.config().input();
        List<List<Block.Cell>> rows = new ArrayList<>();
        List<Block> figures = new ArrayList<>();
        for (Explanation.Sample sample : explanation.samples()) {
            IntegratedGradients integrated = sample.integrated();
            rows.add(List.of(
                    words(sample.name()),
                    words(explanation.labels().get(sample.chosenClass())),
                    number(Numbers.fixed(integrated.gained(), 4)),
                    number(Numbers.fixed(integrated.total(), 4)),
                    number(Numbers.brief(integrated.completenessError()))));
            Plane map = Plane.sum(Plane.ofPixels(integrated.values(), input));
            BufferedImage image = Pictures.ofFrame(sample.input(), 0, input);
            figures.add(new Block.Illustration(MapGrid.of(
                            "Integrated gradients, " + sample.name(),
                            "A map of the integrated gradients' magnitude over the image.",
                            "pixels",
                            "Σ over colours of |integrated gradient|, in logits; the strongest 0.5 % share a colour",
                            Map.of(sample.prediction().label(), map),
                            Scale::ofMostMagnitudes)
                    .over(frame -> image)));
        }
        List<Block> blocks = new ArrayList<>(List.of(
                new Block.Text("The contribution of each pixel to the logit along the path from a baseline ("
                        + explanation.path().baseline().name().toLowerCase(Locale.ROOT) + ") to the image, over "
                        + explanation.path().points() + " points ("
                        + explanation.path().rule().name().toLowerCase(Locale.ROOT)
                        + "). With infinitely many points the sum would equal the logit gained; the completeness error is the difference. If"
                        + " it is large, use more points (--points), the midpoint rule (--midpoints), or a baseline without the steep start"
                        + " that normalisation causes for a plain grey (--baseline black)."),
                new Block.Table(List.of("image", "class", "logit gained", "sum", "completeness error"), rows)));
        blocks.addAll(figures);
        return new Section("integrated", "Integrated gradients", blocks);
    }
}
