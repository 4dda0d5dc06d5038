package io.portolan.cli.report;

import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import io.portolan.graphs.attribution.MechanismGradients;
import io.portolan.graphs.attribution.Plane;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The section on the parts of the cells that the verdict depends on. */
final class MechanismSection {
    private MechanismSection() {}

    static Section of(Explanation explanation) {
        Map<Integer, MechanismGradients> byClass = new LinkedHashMap<>();
        explanation
                .chosenClasses()
                .forEach(chosen -> byClass.put(
                        chosen,
                        MechanismGradients.mean(explanation.of(chosen).stream()
                                .map(Explanation.Sample::mechanisms)
                                .toList())));
        Set<String> paths = byClass.values().iterator().next().mechanisms().keySet();

        List<String> header = new ArrayList<>(List.of("weights"));
        byClass.keySet().forEach(chosen -> header.add(explanation.labels().get(chosen)));
        header.add("what it does");
        Map<String, String> roles = explanation.roles();
        List<List<Block.Cell>> rows = new ArrayList<>();
        for (String path : paths) {
            List<Block.Cell> row = new ArrayList<>(List.of(words(path)));
            byClass.values()
                    .forEach(gradients -> row.add(number(
                            Numbers.brief(gradients.mechanisms().get(path).mean()))));
            row.add(words(roles.getOrDefault(path.substring(path.indexOf('/') + 1), "")));
            rows.add(row);
        }
        List<String> gates =
                paths.stream().filter(path -> isGate(explanation, path)).toList();
        List<String> others =
                paths.stream().filter(path -> !isGate(explanation, path)).toList();
        List<Block> blocks = new ArrayList<>(List.of(
                new Block.Text("Mean |∂logit / ∂weight| over all weights of each part, for the logit of each image's"
                        + " explained class; means over the images of one class."),
                new Block.Table(header, rows)));
        if (!gates.isEmpty()) {
            blocks.add(new Block.Illustration(chart("Gates", gates, byClass, explanation)));
        }
        blocks.add(new Block.Illustration(
                chart(gates.isEmpty() ? "Weights" : "Kernels and projections", others, byClass, explanation)));
        byClass.values()
                .iterator()
                .next()
                .kernels()
                .keySet()
                .forEach(kernel -> blocks.add(new Block.Illustration(kernelGradients(kernel, byClass, explanation))));
        return new Section("mechanisms", "Mechanisms", blocks);
    }

    private static boolean isGate(Explanation explanation, String path) {
        return explanation.notation().gates().containsKey(path.substring(path.indexOf('/') + 1));
    }

    private static Chart chart(
            String title, List<String> paths, Map<Integer, MechanismGradients> byClass, Explanation explanation) {
        List<Chart.Series> series = new ArrayList<>();
        byClass.forEach((chosen, gradients) -> series.add(new Chart.Series(
                explanation.labels().get(chosen),
                paths.stream()
                        .mapToDouble(path -> gradients.mechanisms().get(path).mean())
                        .toArray())));
        return new Chart(
                Chart.Kind.ROWS,
                title + ": gradient by mechanism",
                "Bars of the mean gradient magnitude of " + title.toLowerCase(Locale.ROOT) + ", for each class.",
                "",
                "mean |∂logit / ∂weight|",
                paths,
                series);
    }

    /** A map for each class, and for two classes the difference. */
    private static MapGrid kernelGradients(
            String kernel, Map<Integer, MechanismGradients> byClass, Explanation explanation) {
        Map<String, Plane> maps = new LinkedHashMap<>();
        byClass.forEach((chosen, gradients) ->
                maps.put(explanation.labels().get(chosen), gradients.kernels().get(kernel)));
        if (maps.size() == 2) {
            // The higher class minus the lower: connected minus disconnected.
            Map.Entry<Integer, MechanismGradients> lower =
                    Collections.min(byClass.entrySet(), Map.Entry.comparingByKey());
            Map.Entry<Integer, MechanismGradients> higher =
                    Collections.max(byClass.entrySet(), Map.Entry.comparingByKey());
            maps.put(
                    explanation.labels().get(higher.getKey()) + " − "
                            + explanation.labels().get(lower.getKey()),
                    higher.getValue()
                            .kernels()
                            .get(kernel)
                            .minus(lower.getValue().kernels().get(kernel)));
        }
        return MapGrid.of(
                "Gradient by the kernel, " + kernel,
                "Maps of the gradient by each weight of the kernel, for each class and their difference.",
                "positions on the map",
                "∂logit / ∂weight, mean over channels",
                maps,
                Scale::symmetric);
    }
}
