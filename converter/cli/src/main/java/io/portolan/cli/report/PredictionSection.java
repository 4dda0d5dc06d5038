package io.portolan.cli.report;

import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The section on the images and their verdicts. */
final class PredictionSection {
    private PredictionSection() {}

    static Section of(Explanation explanation) {
        List<MapGrid.Tile> images = explanation.samples().stream()
                .map(sample -> new MapGrid.Tile(
                        sample.name() + ": " + sample.prediction().label(),
                        Pictures.ofFrame(sample.input(), 0, explanation.config().input())))
                .toList();
        MapGrid grid = new MapGrid(
                "The images as input to the model",
                "The images in grey, at the model's size.",
                "pixels",
                "",
                Optional.empty(),
                images,
                false);

        List<String> header = new ArrayList<>(List.of("image", "verdict"));
        explanation.labels().forEach(label -> header.add("logit " + label));
        explanation.labels().forEach(label -> header.add("softmax " + label));
        List<List<Block.Cell>> rows = new ArrayList<>();
        for (Explanation.Sample sample : explanation.samples()) {
            List<Block.Cell> row = new ArrayList<>(
                    List.of(words(sample.name()), words(sample.prediction().label())));
            sample.prediction().logits().forEach(logit -> row.add(number(Numbers.fixed(logit, 4))));
            sample.prediction().probabilities().forEach(share -> row.add(number(Numbers.percent(share))));
            rows.add(row);
        }
        List<Block> blocks = new ArrayList<>(List.of(new Block.Illustration(grid), new Block.Table(header, rows)));
        String remarks = explanation.samples().stream()
                .filter(sample -> !sample.remark().isEmpty())
                .map(sample -> sample.name() + ": " + sample.remark() + ".")
                .collect(Collectors.joining(" "));
        if (!remarks.isEmpty()) {
            blocks.add(new Block.Text(remarks));
        }
        return new Section("predictions", "Predictions", blocks);
    }
}
