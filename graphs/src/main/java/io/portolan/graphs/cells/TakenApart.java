package io.portolan.graphs.cells;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.tensorflow.op.Ops;

/** One of a cell's recurrences as a plan has solved it, which can be taken apart. */
interface TakenApart {
    /** Its states, in order. Ops for their terms are appended by this call. */
    List<State> states(Ops tf, FeatureMap map);

    /** The linear system that it is, whose transition matrix can be shown; empty if it is none of all of the cell's channels. */
    default Optional<LinearSystem> system() {
        return Optional.empty();
    }

    /** A state and the terms that it is the sum of. */
    record State(StepValues values, List<Term> terms) {}

    /**
     * A term of a state.
     *
     * @param from the number of the state that it comes from, among those of the recurrence; empty for an input
     * @param symbol as the equations write it; empty for the entry of the transition matrix times the state, or u
     */
    record Term(OptionalInt from, Optional<String> symbol, StepValues values) {
        /** What an entry of the transition matrix makes of a state. */
        static Term of(int from, StepValues values) {
            return new Term(OptionalInt.of(from), Optional.empty(), values);
        }

        /** The input. */
        static Term ofInput(StepValues values) {
            return new Term(OptionalInt.empty(), Optional.empty(), values);
        }
    }
}
