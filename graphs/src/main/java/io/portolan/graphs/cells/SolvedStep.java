package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;

/**
 * A step of a linear system as a plan has solved it.
 *
 * @param equation of the step
 * @param inputs û of every state
 * @param previous the states before; empty at the first step from zero
 * @param states the states after
 */
record SolvedStep(
        RecurrenceStep equation, List<ComplexTensor> inputs, List<ComplexTensor> previous, List<ComplexTensor> states) {
    /** Solves a step. */
    static SolvedStep of(RecurrenceStep equation, List<ComplexTensor> inputs, List<ComplexTensor> previous) {
        return new SolvedStep(equation, inputs, previous, equation.next(inputs, previous));
    }
}
