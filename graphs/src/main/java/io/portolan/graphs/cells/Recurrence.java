package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.List;

/** Runs a cell's linear system over time, and mixes the states of a step to its output. */
interface Recurrence {
    /** The last step's output, {@code (B, C, H·F)}. */
    ComplexTensor lastOutput();

    /** The outputs of all steps, {@code (B, T, C, H·F)}. */
    ComplexTensor outputs();

    /** For every step the states {@code (B, C, H·F)}; nothing where they never leave a loop. */
    default List<List<ComplexTensor>> states() {
        return List.of();
    }
}
