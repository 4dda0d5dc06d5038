package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * One step of a cell's recurrence in plain complex numbers, {@code s_t = M_t s_(t-1) + u_t}. It differs from the
 * log-space form by rounding and by that form's floors ({@code docs/model.md}, section 3). Spectra are flattened here:
 * {@code H·F} is one axis.
 */
final class RecurrenceStep {
    private final Ops tf;
    private final LinearSystem system;
    private final UnaryOperator<Operand<TFloat32>> gates;
    private final UnaryOperator<ComplexTensor> kernels;

    /**
     * @param gates maps a gate of the system to its value at this step, {@code (B, 1, H·F)}
     * @param kernels maps a kernel of the system to its flat form, {@code (C, H·F)}
     */
    RecurrenceStep(
            Ops tf, LinearSystem system, UnaryOperator<Operand<TFloat32>> gates, UnaryOperator<ComplexTensor> kernels) {
        this.tf = tf;
        this.system = system;
        this.gates = gates;
        this.kernels = kernels;
    }

    /**
     * @param inputs û of every state, {@code (B, C, H·F)}
     * @param previous the states of the previous step; empty at the first step, where they are zero
     * @return the states of this step, {@code (B, C, H·F)}
     */
    List<ComplexTensor> next(List<ComplexTensor> inputs, List<ComplexTensor> previous) {
        List<ComplexTensor> next = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            ComplexTensor driven = driven(inputs.get(i), system.inputGates().get(i));
            next.add(
                    previous.isEmpty()
                            // A tensor of its own, which no other step's input is.
                            ? driven.map(tf::identity)
                            : driven.plus(rowTimesStates(system.transition().get(i), previous)));
        }
        return next;
    }

    LinearSystem system() {
        return system;
    }

    /** What {@link #next} adds up to a state, each by itself. */
    record Terms(ComplexTensor ofInput, Map<Integer, ComplexTensor> ofStates) {}

    /**
     * The terms of a state.
     *
     * @param state its number, a row of M
     * @return the gated input, and by the number of the state that each comes from the products that are not zero; none at the
     *     first step from zero
     */
    Terms terms(int state, ComplexTensor input, List<ComplexTensor> previous) {
        List<Coefficient> row = system.transition().get(state);
        Map<Integer, ComplexTensor> products = new LinkedHashMap<>();
        for (int j = 0; j < previous.size(); j++) {
            Coefficient entry = row.get(j);
            if (!entry.isZero()) {
                ComplexTensor weighted = weighted(entry, previous.get(j));
                products.put(
                        j,
                        entry.kernel()
                                .map(kernel -> weighted.times(kernels.apply(kernel)))
                                .orElse(weighted));
            }
        }
        return new Terms(driven(input, system.inputGates().get(state)), products);
    }

    private ComplexTensor driven(ComplexTensor input, InputGate gate) {
        ComplexTensor gated =
                gate.gate().map(factor -> input.times(gates.apply(factor))).orElse(input);
        return gate.logScale()
                .map(scale -> gated.times(tf.math.exp(gates.apply(scale))))
                .orElse(gated);
    }

    /** A row of M times the states; terms that share a kernel are summed before they are multiplied by it. */
    private ComplexTensor rowTimesStates(List<Coefficient> row, List<ComplexTensor> states) {
        Map<ComplexTensor, ComplexTensor> byKernel = new LinkedHashMap<>();
        ComplexTensor sum = null;
        for (int j = 0; j < row.size(); j++) {
            Coefficient entry = row.get(j);
            if (entry.isZero()) {
                continue;
            }
            ComplexTensor term = weighted(entry, states.get(j));
            if (entry.kernel().isPresent()) {
                byKernel.merge(entry.kernel().get(), term, ComplexTensor::plus);
            } else {
                sum = sum == null ? term : sum.plus(term);
            }
        }
        for (Map.Entry<ComplexTensor, ComplexTensor> group : byKernel.entrySet()) {
            ComplexTensor product = group.getValue().times(kernels.apply(group.getKey()));
            sum = sum == null ? product : sum.plus(product);
        }
        return sum;
    }

    private ComplexTensor weighted(Coefficient entry, ComplexTensor state) {
        ComplexTensor gated =
                entry.gate().map(gate -> state.times(gates.apply(gate))).orElse(state);
        return entry.logScale()
                .map(scale -> gated.times(tf.math.exp(gates.apply(scale))))
                .orElse(gated);
    }
}
