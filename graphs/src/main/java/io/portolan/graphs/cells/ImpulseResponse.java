package io.portolan.graphs.cells;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * What a {@link StateSpace} makes of an impulse, discretised by the bilinear transform:
 *
 * <pre>
 *     k_l = 2·Re Cᵀ Ā^l B̄      Ā = (1 − ½ΔA)⁻¹(1 + ½ΔA) = 2R − 1      B̄ = Δ·R·B      R = (1 − ½ΔA)⁻¹
 * </pre>
 *
 * The powers of Ā are found by doubling: those of twice the number are those that are known, and those times the next.
 */
interface ImpulseResponse {
    /**
     * Builds the response.
     *
     * @param length number of steps, at least 1
     * @return {@code (C, length)}
     */
    Operand<TFloat32> of(StateSpace model, int length);
}
