package io.portolan.cli.report;

import static io.portolan.cli.report.Block.number;
import static io.portolan.cli.report.Block.words;

import io.portolan.graphs.attribution.StepTerms;
import io.portolan.graphs.config.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The section on what each step adds up, and which of its terms drive the verdict. */
final class TermSection {
    private static final String SUMS =
            "Every step makes each state anew, as the sum of the states before, weighted by gates and"
                    + " kernels, and of the gated input u.";
    private static final String CIRCUIT =
            "Every step inhibits the drive X by C1, what the surround makes of H2: H1 = ζ(S1). Then it"
                    + " excites H1 by C2, what the surround makes of H1: H2_new = ζ(S2), which the gate G2 mixes into H2. S1, S2 and H2 are sums.";
    private static final String CONTRIBUTIONS =
            " The table shows what each of these terms contributes to the logit: the gradient of"
                    + " the logit by the sum, times the term. That is, to first order, what the logit would lose without this term at this step."
                    + " The strips show the terms themselves, as means over channels.";

    private TermSection() {}

    static Section of(Explanation explanation) {
        List<Block> blocks = new ArrayList<>();
        for (Explanation.Cell cell : explanation.cells()) {
            for (int i = 0; i < cell.steps().size(); i++) {
                if (!cell.steps().get(i).states().isEmpty()) {
                    blocks.add(ofSample(explanation, cell, i));
                }
            }
        }
        if (!blocks.isEmpty()) {
            boolean isCircuit = explanation.config().architecture() == Architecture.HGRU;
            blocks.add(0, new Block.Text((isCircuit ? CIRCUIT : SUMS) + CONTRIBUTIONS));
        }
        return new Section("terms", "Terms by step", blocks);
    }

    private static Block ofSample(Explanation explanation, Explanation.Cell cell, int sample) {
        StepTerms terms = cell.steps().get(sample);
        String name = explanation.samples().get(sample).name();
        String label =
                explanation.labels().get(explanation.samples().get(sample).chosenClass());
        return new Block.Group(
                "Terms of " + cell.path() + ", " + name,
                sample == 0,
                List.of(
                        new Block.Text(strongest(terms, label)),
                        contributions(terms),
                        new Block.Illustration(
                                Strips.of("Terms by step, " + cell.path() + ", " + name, terms.states()))));
    }

    private static String strongest(StepTerms terms, String label) {
        String symbol = "";
        int step = 0;
        double largest = 0;
        for (StepTerms.State state : terms.states()) {
            for (StepTerms.Term term : state.terms()) {
                for (int t = 0; t < term.contributions().length; t++) {
                    if (Math.abs(term.contributions()[t]) > Math.abs(largest)) {
                        symbol = term.symbol() + " in " + state.symbol();
                        step = t + 1;
                        largest = term.contributions()[t];
                    }
                }
            }
        }
        return symbol.isEmpty()
                ? "No term contributes to the logit of " + label + "."
                : "The strongest term is " + symbol + " at step " + step + ": " + Numbers.brief(largest)
                        + " of the logit of " + label + ".";
    }

    private static Block contributions(StepTerms terms) {
        List<String> header = new ArrayList<>(List.of("to", "term"));
        IntStream.rangeClosed(1, terms.states().get(0).maps().steps()).forEach(step -> header.add("step " + step));
        List<List<Block.Cell>> rows = new ArrayList<>();
        for (StepTerms.State state : terms.states()) {
            for (StepTerms.Term term : state.terms()) {
                List<Block.Cell> row = new ArrayList<>(List.of(words(state.symbol()), words(term.symbol())));
                for (double contribution : term.contributions()) {
                    row.add(number(Numbers.brief(contribution)));
                }
                rows.add(row);
            }
        }
        return new Block.Table(header, rows);
    }
}
