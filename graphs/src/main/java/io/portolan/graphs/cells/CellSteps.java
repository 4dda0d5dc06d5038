package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A cell taken apart: its states at every step, and what each step adds up to them. The terms are those of the cell's own
 * recurrences, as the {@link FusedPlan} solves them step by step.
 */
public final class CellSteps {
    private final Ops tf;
    private final FeatureMap map;
    private final List<TakenApart> recurrences;
    private final List<StepVariable> states = new ArrayList<>();
    private final FeatureSequence output;

    private CellSteps(CellSite site, Notation notation, List<TakenApart> recurrences, FeatureSequence output) {
        this.tf = site.tf();
        this.map = site.map();
        this.recurrences = recurrences;
        this.output = output;
        for (TakenApart recurrence : recurrences) {
            int first = states.size();
            List<TakenApart.State> solved = recurrence.states(tf, map);
            for (int i = 0; i < solved.size(); i++) {
                int state = first + i;
                states.add(new StepVariable(
                        notation.states().get(state),
                        solved.get(i).values(),
                        solved.get(i).terms().stream()
                                .map(term -> named(notation, state, first, term))
                                .toList()));
            }
        }
    }

    private static StepVariable.Term named(Notation notation, int state, int first, TakenApart.Term term) {
        String to = notation.states().get(state);
        if (term.from().isEmpty()) {
            return new StepVariable.Term(StepVariable.INPUT, term.symbol().orElse("u_" + to), term.values());
        }
        int from = first + term.from().getAsInt();
        String source = notation.states().get(from);
        return new StepVariable.Term(
                source,
                term.symbol().orElseGet(() -> notation.transition().get(state).get(from) + "·" + source),
                term.values());
    }

    /**
     * Builds a cell once more, step by step.
     *
     * @param site with the weights of a built model, and every step read
     * @param x the cell's input
     */
    public static CellSteps of(Cell cell, CellSite site, FeatureSequence x) {
        FusedPlan plan = FusedPlan.stepByStep(site);
        FeatureSequence output = cell.apply(new CellBuilder(site, plan), x);
        return new CellSteps(site, cell.notation(), plan.recurrences(), output);
    }

    /** The states with their terms, the input's last; none if the cell has no recurrence over its steps. */
    public List<StepVariable> states() {
        return states;
    }

    /**
     * The transition matrix, averaged over images and steps, {@code (C, H, F, n, n)} for n states; empty if the states are not
     * all those of linear systems.
     */
    public Optional<ComplexTensor> transition() {
        List<LinearSystem> systems = recurrences.stream()
                .map(TakenApart::system)
                .flatMap(Optional::stream)
                .toList();
        return systems.isEmpty() || systems.size() < recurrences.size()
                ? Optional.empty()
                : Optional.of(TransitionMatrix.mean(tf, map, systems));
    }

    /** What the cell gives at every step, {@code (B, T, C, H, W)}. */
    public Operand<TFloat32> output() {
        return tf.linalg.transpose(output.atEveryStep(tf, map.steps()), CellBuilder.channelsFirst(tf));
    }

    /**
     * What a model reads of the cell.
     *
     * @param rank of the cell's output in the model: 5 with a time axis, 4 for the last step or one that is every step's
     */
    public Operand<TFloat32> read(int rank) {
        return rank == output.value().rank() ? output.value() : output.atLastStep(tf, map);
    }
}
