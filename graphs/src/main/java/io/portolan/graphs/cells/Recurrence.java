package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;

/** A cell's linear system, solved over time, with the states of each step mixed into its output. */
interface Recurrence {
    /** The last step's output, {@code (B, C, H·F)}. */
    ComplexTensor lastOutput();

    /** The outputs of all steps, {@code (B, T, C, H·F)}. */
    ComplexTensor outputs();

    /** Every step, its states {@code (B, C, H·F)}; empty if they stay inside a loop. */
    default List<SolvedStep> steps() {
        return List.of();
    }
}
