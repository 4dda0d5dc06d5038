package io.portolan.graphs.cells;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * The recurrence {@code s_t = M_t s_(t-1) + u_t}, output {@code c_t ⊙ s_t}, for each frequency and channel.
 *
 * @param transition M, row by row
 * @param inputGates for each state, the factor by which its input û gives u
 * @param outputGate c, {@code (B, T, 1, H, F)}
 */
record LinearSystem(List<List<Coefficient>> transition, List<InputGate> inputGates, Operand<TFloat32> outputGate) {}
