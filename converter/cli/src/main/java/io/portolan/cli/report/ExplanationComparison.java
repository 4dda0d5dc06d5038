package io.portolan.cli.report;

import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import io.portolan.graphs.attribution.CellObservation;
import io.portolan.graphs.attribution.Filters;
import io.portolan.graphs.attribution.MechanismGradients;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.SpatialKernel;
import io.portolan.graphs.cells.Cell;
import io.portolan.graphs.config.ConfigException;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.config.SimpleCssmConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The sections of a page that shows two checkpoints of one kind of model side by side, on the same images. */
final class ExplanationComparison {
    /** What charts call the checkpoints, whose names would not fit there. */
    private static final List<String> NAMES = List.of("A", "B");

    private final Explanation first;
    private final Explanation second;

    /** @throws ConfigException if the models have different cells, classes, labels or sizes */
    ExplanationComparison(Explanation first, Explanation second) {
        this.first = first;
        this.second = second;
        requireOneKind(first.name(), first.config(), second.name(), second.config());
        if (!first.labels().equals(second.labels())) {
            throw otherKind(first.name(), second.name());
        }
    }

    /** @throws ConfigException if the models have different cells, classes or sizes */
    static void requireOneKind(String firstName, ModelConfig first, String secondName, ModelConfig second) {
        if (!cells(first).equals(cells(second))
                || first.classes() != second.classes()
                || !first.input().equals(second.input())) {
            throw otherKind(firstName, secondName);
        }
    }

    private static ConfigException otherKind(String firstName, String secondName) {
        return new ConfigException(secondName + ": is a model of other cells, classes or images than " + firstName
                + "; expected two checkpoints of one kind of model");
    }

    /** What tells models apart whose cells cannot be compared one by one. */
    private static List<Object> cells(ModelConfig config) {
        return config instanceof SimpleCssmConfig simple
                ? List.of(
                        config.architecture(),
                        Cell.of(simple.cell(), simple.options()).notation(),
                        simple.depth())
                : List.of(config.toMap());
    }

    List<Section> sections() {
        return List.of(verdicts(), temporal(), mechanisms(), gates(), kernels());
    }

    private Section verdicts() {
        List<String> header = new ArrayList<>(List.of("image", "verdict of A", "verdict of B"));
        first.labels().forEach(label -> header.addAll(List.of("logit " + label + ", A", "B", "B − A")));
        List<List<Block.Cell>> rows = new ArrayList<>();
        long same = 0;
        for (int i = 0; i < first.samples().size(); i++) {
            var a = first.samples().get(i).prediction();
            var b = second.samples().get(i).prediction();
            same += a.label().equals(b.label()) ? 1 : 0;
            List<Block.Cell> row =
                    new ArrayList<>(List.of(words(first.samples().get(i).name()), words(a.label()), words(b.label())));
            for (int k = 0; k < first.labels().size(); k++) {
                double before = a.logits().get(k);
                double after = b.logits().get(k);
                row.add(number(Numbers.fixed(before, 4)));
                row.add(number(Numbers.fixed(after, 4)));
                row.add(number(Numbers.fixed(after - before, 4)));
            }
            rows.add(row);
        }
        return new Section(
                "verdicts",
                "Verdicts",
                List.of(
                        new Block.Text("A is " + first.name() + ", B is " + second.name() + ". Their verdicts agree on "
                                + same + " of " + rows.size() + " images."),
                        new Block.Table(header, rows)));
    }

    private Section temporal() {
        int frames = Math.min(first.config().frames(), second.config().frames());
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Illustration(new Chart(
                Chart.Kind.BARS,
                "Gradient by frame",
                "Bars of the summed gradient magnitude of each frame, for both checkpoints.",
                "frame t",
                "Σ |∂logit / ∂input|, mean over the images",
                IntStream.range(0, frames).mapToObj(Integer::toString).toList(),
                series(explanation -> IntStream.range(0, frames)
                        .mapToDouble(t -> explanation.samples().stream()
                                .mapToDouble(sample -> sample.temporal().perFrame()[t])
                                .average()
                                .orElseThrow())
                        .toArray()))));
        for (int i = 0; i < first.samples().size(); i++) {
            int at = i;
            Function<Explanation, Plane> map = explanation ->
                    Plane.sum(explanation.samples().get(at).temporal().maps());
            String image = first.samples().get(i).name();
            blocks.add(new Block.Group(
                    image,
                    i == 0,
                    List.of(new Block.Illustration(sideBySide(
                            "Gradient over the image, all frames, " + image,
                            "pixels",
                            "Σ over colours and frames of |∂logit / ∂input|",
                            map.apply(first),
                            map.apply(second))))));
        }
        return new Section("temporal", "Temporal gradients", blocks);
    }

    private Section mechanisms() {
        List<MechanismGradients> means = List.of(mechanisms(first), mechanisms(second));
        List<String> paths = List.copyOf(means.get(0).mechanisms().keySet());
        List<Chart.Series> bars = IntStream.range(0, NAMES.size())
                .mapToObj(i -> new Chart.Series(
                        NAMES.get(i),
                        paths.stream()
                                .mapToDouble(path ->
                                        means.get(i).mechanisms().get(path).mean())
                                .toArray()))
                .toList();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Illustration(new Chart(
                Chart.Kind.ROWS,
                "Gradient by mechanism",
                "Bars of the mean gradient magnitude of gates, kernels and projections, for both checkpoints.",
                "",
                "mean |∂logit / ∂weight| over the images",
                paths,
                bars)));
        means.get(0)
                .kernels()
                .forEach((kernel, gradient) -> blocks.add(new Block.Illustration(sideBySide(
                        "Gradient by the kernel, " + kernel,
                        "positions on the map",
                        "∂logit / ∂weight, mean over channels and images",
                        gradient,
                        means.get(1).kernels().get(kernel)))));
        return new Section("mechanisms", "Mechanisms", blocks);
    }

    private static MechanismGradients mechanisms(Explanation explanation) {
        return MechanismGradients.mean(explanation.samples().stream()
                .map(Explanation.Sample::mechanisms)
                .toList());
    }

    private Section gates() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < first.cells().size(); i++) {
            Explanation.Cell a = first.cells().get(i);
            Explanation.Cell b = second.cells().get(i);
            List<List<Block.Cell>> rows = new ArrayList<>();
            for (String gate : gates(a.observations().get(0)).keySet()) {
                double meanOfA = observed(a, gate);
                double meanOfB = observed(b, gate);
                rows.add(List.of(
                        words(first.notation().gates().get(gate)),
                        words(gate),
                        number(recipe(a, gate)),
                        number(recipe(b, gate)),
                        number(Numbers.fixed(meanOfA, 4)),
                        number(Numbers.fixed(meanOfB, 4)),
                        number(Numbers.fixed(meanOfB - meanOfA, 4))));
            }
            if (rows.isEmpty()) {
                continue;
            }
            blocks.add(
                    new Block.Text(
                            "Gates of " + a.path()
                                    + ": σ(mean weight + mean bias), and the mean of the values on these images, over steps and frequencies or places."));
            blocks.add(new Block.Table(
                    List.of("gate", "in the checkpoint", "summary, A", "B", "mean value, A", "B", "B − A"), rows));
        }
        return new Section("gates", "Gates", blocks);
    }

    /** Empty for a gate of several layers. */
    private static String recipe(Explanation.Cell cell, String gate) {
        return Optional.ofNullable(cell.gateSummary().get(gate))
                .map(weights -> Numbers.fixed(weights.recipe(), 4))
                .orElse("");
    }

    private static Map<String, List<Plane>> gates(CellObservation seen) {
        Map<String, List<Plane>> all = new LinkedHashMap<>(seen.gates());
        all.putAll(seen.gatesInSpace());
        return all;
    }

    private static double observed(Explanation.Cell cell, String gate) {
        return cell.observations().stream()
                .flatMap(seen -> gates(seen).get(gate).stream())
                .mapToDouble(Plane::mean)
                .average()
                .orElseThrow();
    }

    private Section kernels() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < first.cells().size(); i++) {
            for (int k = 0; k < first.cells().get(i).filters().size(); k++) {
                Filters a = first.cells().get(i).filters().get(k);
                Filters b = second.cells().get(i).filters().get(k);
                blocks.add(new Block.Illustration(
                        sideBySide("Mean kernel, " + a.path(), "positions on the map", "weight", a.mean(), b.mean())));
            }
            for (int k = 0; k < first.cells().get(i).kernels().size(); k++) {
                SpatialKernel a = first.cells().get(i).kernels().get(k);
                SpatialKernel b = second.cells().get(i).kernels().get(k);
                String path = first.cells().get(i).path() + "/" + a.name();
                blocks.add(new Block.Illustration(
                        sideBySide("Mean kernel, " + path, "positions on the map", "weight", a.mean(), b.mean())));
                blocks.add(new Block.Illustration(sideBySide(
                        "Spectrum as applied, " + path,
                        Spectra.AXES,
                        "magnitude, mean over channels",
                        Spectra.centred(a.squashed()),
                        Spectra.centred(b.squashed()))));
            }
        }
        return new Section("kernels", "Kernels", blocks);
    }

    /** Both maps, and their difference if they are of one size. */
    private static MapGrid sideBySide(String title, String axes, String unit, Plane a, Plane b) {
        Map<String, Plane> maps = new LinkedHashMap<>();
        maps.put("A", a);
        maps.put("B", b);
        if (a.height() == b.height() && a.width() == b.width()) {
            maps.put("B − A", b.minus(a));
        }
        return MapGrid.of(
                title,
                "Maps of both checkpoints, and of their difference, with one scale.",
                axes,
                unit,
                maps,
                Scale::symmetric);
    }

    private List<Chart.Series> series(Function<Explanation, double[]> values) {
        return List.of(
                new Chart.Series(NAMES.get(0), values.apply(first)),
                new Chart.Series(NAMES.get(1), values.apply(second)));
    }
}
