package io.portolan.graphs.cells;

import java.util.List;

/**
 * The recurrence {@code s_t = M_t s_(t-1) + u_t} for each frequency and channel.
 *
 * @param transition M, row by row
 * @param inputGates for each state, the factor that turns its input û into u
 */
record LinearSystem(List<List<Coefficient>> transition, List<InputGate> inputGates) {
    /** A system of one state. */
    static LinearSystem of(Coefficient transition, InputGate inputGate) {
        return new LinearSystem(List.of(List.of(transition)), List.of(inputGate));
    }
}
