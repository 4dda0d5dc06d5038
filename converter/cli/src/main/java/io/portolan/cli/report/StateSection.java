package io.portolan.cli.report;

import io.portolan.graphs.attribution.BilinearApproximation;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.ReceptiveField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The section on the states at each step, their receptive field, and the notebook's approximation of them. */
final class StateSection {
    private StateSection() {}

    static Section of(Explanation explanation) {
        List<Block> blocks = new ArrayList<>();
        for (Explanation.Cell cell : explanation.cells()) {
            cell.receptiveField().ifPresent(field -> receptiveField(explanation, cell, field, blocks));
            for (int i = 0; i < explanation.samples().size(); i++) {
                if (cell.observations().get(i).states().isEmpty()) {
                    continue;
                }
                blocks.add(new Block.Group(
                        "States of " + cell.path() + ", "
                                + explanation.samples().get(i).name(),
                        i == 0,
                        states(
                                "",
                                cell.observations().get(i).states(),
                                explanation.samples().get(i).name(),
                                cell.path())));
            }
            cell.approximations().ifPresent(runs -> approximation(explanation, cell, runs, blocks));
        }
        return new Section("states", "States over time", blocks);
    }

    private static void receptiveField(
            Explanation explanation, Explanation.Cell cell, ReceptiveField field, List<Block> blocks) {
        double[] extents = field.extents();
        List<String> steps = IntStream.rangeClosed(1, extents.length)
                .mapToObj(Integer::toString)
                .toList();
        blocks.add(new Block.Text("The receptive field: how strongly the " + heard(cell)
                + " in the middle of the map depend on each pixel, after each"
                + " step, on " + explanation.samples().get(0).name()
                + ". A pixel belongs to it from 4.55 % of the strongest on (Luo et al., 2016)."));
        blocks.add(new Block.Illustration(new Chart(
                Chart.Kind.LINES,
                "Growth of the receptive field, " + cell.path(),
                "A curve of the share of pixels in the receptive field, by step.",
                "steps",
                "share of the image's pixels",
                steps,
                List.of(new Chart.Series("heard", extents)))));
        blocks.add(new Block.Illustration(MapGrid.eachForItself(
                        "Receptive field, " + cell.path(),
                        "For each step a map of how strongly the middle depends on each pixel.",
                        "pixels",
                        "|∂ " + heard(cell) + " in the middle / ∂ pixel|",
                        byStep(field.maps()))
                .playing()));
    }

    /** What of a cell has a receptive field. */
    private static String heard(Explanation.Cell cell) {
        return cell.observations().get(0).states().isEmpty() ? "output" : "states";
    }

    private static List<Block> states(String remark, Map<String, List<Plane>> states, String image, String path) {
        List<Block> figures = new ArrayList<>();
        states.forEach((state, steps) -> figures.add(new Block.Illustration(MapGrid.of(
                remark + "State " + state + ", " + path + ", " + image,
                "For each step a map of the state's magnitude.",
                "positions on the map",
                "mean over channels of |" + state + "|",
                byStep(steps),
                Scale::ofMagnitudes))));
        return figures;
    }

    private static void approximation(
            Explanation explanation, Explanation.Cell cell, List<BilinearApproximation.Run> runs, List<Block> blocks) {
        String gates = runs.get(0).gates().entrySet().stream()
                .map(gate -> gate.getKey() + " " + Numbers.fixed(gate.getValue(), 3))
                .collect(Collectors.joining(", "));
        blocks.add(new Block.Text(
                "An approximation, not the model: the reference's second notebook steps through X′ = d_x·X + α_E·(k_E∗X)"
                        + " − α_I·(k_I∗Y) + γ·X⊙Z + U, Y′ = d_y·Y + μ_E·X − μ_I·Y + U, Z′ = d_z·Z + δ·(X − Y) + U, with one number for each gate,"
                        + " kernels that are not squashed, and a product of states that the cell does not have. With this checkpoint's weights: "
                        + gates + "."));
        for (int i = 0; i < runs.size(); i++) {
            String image = explanation.samples().get(i).name();
            blocks.add(new Block.Group(
                    "Simplified bilinear model (approximation) of " + cell.path() + ", " + image,
                    i == 0,
                    approximated(runs.get(i), image, cell.path())));
        }
    }

    private static List<Block> approximated(BilinearApproximation.Run run, String image, String path) {
        List<Block> blocks = new ArrayList<>(states("Approximation: ", run.states(), image, path));
        blocks.add(
                new Block.Illustration(Strips.of("Approximation: terms by step, " + path + ", " + image, run.terms())));
        return blocks;
    }

    private static Map<String, Plane> byStep(List<Plane> planes) {
        Map<String, Plane> steps = new LinkedHashMap<>();
        for (int t = 0; t < planes.size(); t++) {
            steps.put("step " + (t + 1), planes.get(t));
        }
        return steps;
    }
}
