package io.portolan.cli.report;

import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.Transition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The section on the model: configuration, parameters, transition matrix and spectral radius. */
final class ModelSection {
    private ModelSection() {}

    static Section of(Explanation explanation) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Table(
                List.of("field", "value"),
                explanation.config().toMap().entrySet().stream()
                        .map(field -> List.of(
                                words(field.getKey()), words(field.getValue().toString())))
                        .toList()));
        blocks.add(parameters(explanation));
        explanation
                .cells()
                .forEach(cell ->
                        cell.transition().ifPresent(known -> transition(explanation, cell.path(), known, blocks)));
        if (!explanation.absences().isEmpty()) {
            blocks.add(new Block.Text(
                    "What this model does not have, and so is not shown. " + String.join(" ", explanation.absences())));
        }
        return new Section("model", "The model", blocks);
    }

    private static Block parameters(Explanation explanation) {
        var arrays = explanation.checkpoint().parameters().arrays();
        String title = Numbers.count(explanation.checkpoint().parameters().parameterCount()) + " parameters in "
                + arrays.size() + " arrays";
        return new Block.Group(
                title,
                false,
                List.of(new Block.Table(
                        List.of("array", "shape", "numbers"),
                        arrays.entrySet().stream()
                                .map(array -> List.of(
                                        words(array.getKey()),
                                        words(Arrays.stream(array.getValue().shape())
                                                .mapToObj(Long::toString)
                                                .collect(Collectors.joining(" × "))),
                                        number(Numbers.count(array.getValue().size()))))
                                .toList())));
    }

    private static void transition(Explanation explanation, String path, Transition known, List<Block> blocks) {
        List<String> states = explanation.notation().states();
        blocks.add(new Block.Text("Cell " + path + ": at every spatial frequency and step the states follow"
                + " s′ = M·s + u. Each entry of M is shown with the mean of its magnitude over these images, all steps, frequencies and"
                + " channels."));
        List<String> header = new ArrayList<>(List.of("to, from"));
        header.addAll(states);
        List<List<Block.Cell>> rows = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            List<Block.Cell> row = new ArrayList<>(List.of(words(states.get(i))));
            for (int j = 0; j < states.size(); j++) {
                String symbol = explanation.notation().transition().get(i).get(j);
                row.add(words(
                        symbol.equals("0")
                                ? symbol
                                : symbol + " = "
                                        + Numbers.brief(
                                                known.magnitudes().get(i).get(j))));
            }
            rows.add(row);
        }
        blocks.add(new Block.Table(header, rows));

        Plane largest = known.largestRadius();
        long growing = 0;
        for (float radius : largest.values()) {
            growing += radius > 1 ? 1 : 0;
        }
        blocks.add(new Block.Text(
                "The spectral radius of M is the factor by which the states grow or decay in each step without"
                        + " input: on average "
                        + Numbers.brief(known.radius().mean()) + ", at most "
                        + Numbers.brief(largest.largest()) + "; at "
                        + Numbers.percent((double) growing / largest.values().length)
                        + " of the frequencies it exceeds 1 in some channel."));
        Map<String, Plane> planes = new LinkedHashMap<>();
        planes.put("mean over channels", Spectra.centred(known.radius()));
        planes.put("largest of the channels", Spectra.centred(largest));
        blocks.add(new Block.Illustration(MapGrid.of(
                "Spectral radius over frequencies, " + path,
                "Two maps of the spectral radius of the transition matrix at every spatial frequency.",
                Spectra.AXES,
                "factor per step",
                planes,
                Scale::ofRange)));
    }
}
