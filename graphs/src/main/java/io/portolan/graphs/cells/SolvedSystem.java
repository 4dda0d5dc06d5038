package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.op.Ops;

/** A linear system that is solved step by step. */
record SolvedSystem(List<SolvedStep> steps) implements TakenApart {
    @Override
    public Optional<LinearSystem> system() {
        return Optional.of(steps.get(0).equation().system());
    }

    @Override
    public List<State> states(Ops tf, FeatureMap map) {
        return IntStream.range(0, steps.get(0).states().size())
                .mapToObj(i -> new State(
                        StepValues.Spectra.of(
                                map,
                                steps.stream().map(step -> step.states().get(i)).toList()),
                        terms(tf, map, i)))
                .toList();
    }

    /** Those of the states before, then that of the input. */
    private List<Term> terms(Ops tf, FeatureMap map, int state) {
        ComplexTensor nothing = steps.get(0).states().get(state).map(tf::zerosLike);
        List<RecurrenceStep.Terms> byStep = steps.stream()
                .map(step -> step.equation().terms(state, step.inputs().get(state), step.previous()))
                .toList();
        List<Coefficient> row = steps.get(0).equation().system().transition().get(state);
        List<Term> terms = new ArrayList<>();
        for (int j = 0; j < row.size(); j++) {
            int from = j;
            if (!row.get(j).isZero()) {
                List<ComplexTensor> products = byStep.stream()
                        .map(term -> term.ofStates().getOrDefault(from, nothing))
                        // Factors that are the same at all frequencies make terms that are.
                        .map(term -> term.plus(nothing))
                        .toList();
                terms.add(Term.of(from, StepValues.Spectra.of(map, products)));
            }
        }
        List<ComplexTensor> inputs =
                byStep.stream().map(term -> term.ofInput().plus(nothing)).toList();
        terms.add(Term.ofInput(StepValues.Spectra.of(map, inputs)));
        return terms;
    }
}
