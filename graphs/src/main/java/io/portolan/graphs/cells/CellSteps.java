package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Fft;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A cell's recurrence taken apart: what each step adds up to each state. The terms are those of the cell's own
 * {@link LinearSystem}s, as the {@link FusedPlan} solves them. Spectra are {@code (B, T, C, H, F)}.
 */
public final class CellSteps {
    private final Ops tf;
    private final FeatureMap map;
    private final List<LinearSystem> systems;
    private final List<ComplexTensor> states = new ArrayList<>();
    private final List<Term> terms = new ArrayList<>();
    private final Operand<TFloat32> output;

    /**
     * What one entry of the transition matrix, or the input, adds to a state.
     *
     * @param state the number of the state that it is added to
     * @param from the number of the state that it comes from; empty for the input
     * @param spectrum at every step; zeros where there is no state before
     */
    public record Term(int state, OptionalInt from, ComplexTensor spectrum) {}

    private CellSteps(CellSite site, List<List<SolvedStep>> systems, Operand<TFloat32> output) {
        this.tf = site.tf();
        this.map = site.map();
        this.systems = systems.stream()
                .map(system -> system.get(0).equation().system())
                .toList();
        this.output = output;
        for (List<SolvedStep> system : systems) {
            takeApart(system);
        }
    }

    /**
     * Builds a cell once more, step by step.
     *
     * @param site with the weights of a built model, and every step read
     * @param x the cell's input
     */
    public static CellSteps of(Cell cell, CellSite site, FeatureSequence x) {
        FusedPlan plan = new FusedPlan(site);
        FeatureSequence output = cell.apply(new CellBuilder(site, plan), x);
        return new CellSteps(
                site, plan.systems(), output.atEveryStep(site.tf(), site.map().steps()));
    }

    /** The states after every step, by their number. */
    public List<ComplexTensor> states() {
        return states;
    }

    /** The terms of all states; those of one state lie side by side, the input's last. */
    public List<Term> terms() {
        return terms;
    }

    /** The transition matrix, averaged over images and steps, {@code (C, H, F, n, n)} for n states. */
    public ComplexTensor transition() {
        return TransitionMatrix.mean(tf, map, systems);
    }

    /** What the cell gives at every step, {@code (B, T, C, H, W)}. */
    public Operand<TFloat32> output() {
        return tf.linalg.transpose(output, CellBuilder.channelsFirst(tf));
    }

    /** The maps {@code (B, T, C, H, W)} of a spectrum. */
    public Operand<TFloat32> inSpace(ComplexTensor spectrum) {
        return new Fft(tf, map.height(), map.width()).irfft2(spectrum);
    }

    private void takeApart(List<SolvedStep> system) {
        int first = states.size();
        int count = system.get(0).states().size();
        for (int i = 0; i < count; i++) {
            int state = i;
            states.add(overTime(
                    system.stream().map(step -> step.states().get(state)).toList()));
        }
        for (int i = 0; i < count; i++) {
            int state = i;
            ComplexTensor nothing = system.get(0).states().get(i).map(tf::zerosLike);
            List<RecurrenceStep.Terms> byStep = system.stream()
                    .map(step -> step.equation().terms(state, step.inputs().get(state), step.previous()))
                    .toList();
            List<Coefficient> row =
                    system.get(0).equation().system().transition().get(i);
            for (int j = 0; j < count; j++) {
                int from = j;
                if (row.get(j).isZero()) {
                    continue;
                }
                terms.add(new Term(
                        first + i,
                        OptionalInt.of(first + from),
                        overTime(byStep.stream()
                                .map(term -> term.ofStates().getOrDefault(from, nothing))
                                // Factors that are the same at all frequencies make terms that are.
                                .map(term -> term.plus(nothing))
                                .toList())));
            }
            terms.add(new Term(
                    first + i,
                    OptionalInt.empty(),
                    overTime(byStep.stream().map(RecurrenceStep.Terms::ofInput).toList())));
        }
    }

    private ComplexTensor overTime(List<ComplexTensor> steps) {
        Operand<TInt32> shape =
                tf.constant(new int[] {-1, steps.size(), map.channels(), map.height(), map.halfWidth()});
        return ComplexTensor.stack(tf, steps, 1).map(part -> tf.reshape(part, shape));
    }
}
