package io.portolan.graphs.cells;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A {@link PlacewiseRecurrence} that is solved step by step. All lists are by step; each step has its real part, and its imaginary
 * part if the recurrence is complex.
 *
 * @param states h
 * @param kept a·h of the step before
 * @param inputs u
 */
record SolvedPlaces(
        List<List<Operand<TFloat32>>> states, List<List<Operand<TFloat32>>> kept, List<List<Operand<TFloat32>>> inputs)
        implements TakenApart {
    @Override
    public List<State> states(Ops tf, FeatureMap map) {
        return List.of(new State(
                new StepValues.InSpace(states),
                List.of(Term.of(0, new StepValues.InSpace(kept)), Term.ofInput(new StepValues.InSpace(inputs)))));
    }
}
