package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A cell's recurrence as it stands, step after step in plain complex numbers. It differs from the one in log space by
 * rounding and by the floors there ({@code docs/model.md}, section 3). Spectra are flat here: {@code H·F} is one axis.
 */
final class LinearRecurrence {
    private final Ops tf;
    private final FeatureMap map;
    private final LinearSystem system;
    private final Map<Operand<TFloat32>, List<Operand<TFloat32>>> gatesByStep = new IdentityHashMap<>();
    private final Map<ComplexTensor, ComplexTensor> flatKernels = new IdentityHashMap<>();

    LinearRecurrence(Ops tf, FeatureMap map, LinearSystem system) {
        this.tf = tf;
        this.map = map;
        this.system = system;
    }

    /**
     * @param inputs û for every step and state, {@code (B, C, H·F)}
     * @return s for every step and state, {@code (B, C, H·F)}
     */
    List<List<ComplexTensor>> states(List<List<ComplexTensor>> inputs) {
        List<List<ComplexTensor>> states = new ArrayList<>();
        for (int t = 0; t < inputs.size(); t++) {
            List<ComplexTensor> next = new ArrayList<>();
            for (int i = 0; i < inputs.get(t).size(); i++) {
                ComplexTensor driven = inputs.get(t).get(i).times(inputGate(i, t));
                next.add(t == 0 ? driven : driven.plus(fed(system.transition().get(i), states.get(t - 1), t)));
            }
            states.add(next);
        }
        return states;
    }

    /** c at a step, {@code (B, 1, H·F)}. */
    Operand<TFloat32> outputGate(int t) {
        return at(system.outputGate(), t);
    }

    private Operand<TFloat32> inputGate(int state, int t) {
        InputGate gate = system.inputGates().get(state);
        Operand<TFloat32> factor = at(gate.gate(), t);
        return gate.logScale()
                .<Operand<TFloat32>>map(scale -> tf.math.mul(factor, tf.math.exp(at(scale, t))))
                .orElse(factor);
    }

    /** A row of M times the states; what shares a kernel is added up before the kernel multiplies it. */
    private ComplexTensor fed(List<Coefficient> row, List<ComplexTensor> states, int t) {
        Map<ComplexTensor, ComplexTensor> byKernel = new LinkedHashMap<>();
        ComplexTensor sum = null;
        for (int j = 0; j < row.size(); j++) {
            Coefficient entry = row.get(j);
            if (entry.isZero()) {
                continue;
            }
            ComplexTensor term = weighted(entry, states.get(j), t);
            if (entry.kernel().isPresent()) {
                byKernel.merge(entry.kernel().get(), term, ComplexTensor::plus);
            } else {
                sum = sum == null ? term : sum.plus(term);
            }
        }
        for (Map.Entry<ComplexTensor, ComplexTensor> group : byKernel.entrySet()) {
            ComplexTensor product = group.getValue().times(flat(group.getKey()));
            sum = sum == null ? product : sum.plus(product);
        }
        return sum;
    }

    private ComplexTensor weighted(Coefficient entry, ComplexTensor state, int t) {
        ComplexTensor gated = entry.gate().map(gate -> state.times(at(gate, t))).orElse(state);
        return entry.logScale().map(scale -> gated.times(tf.math.exp(at(scale, t)))).orElse(gated);
    }

    /** A gate at a step, {@code (B, 1, H·F)}. */
    private Operand<TFloat32> at(Operand<TFloat32> gate, int t) {
        return gatesByStep
                .computeIfAbsent(gate, whole -> {
                    int[] shape = {-1, map.steps(), map.frequencies()};
                    return Slices.parts(tf, tf.reshape(whole, tf.constant(shape)), 1, map.steps());
                })
                .get(t);
    }

    private ComplexTensor flat(ComplexTensor kernel) {
        int[] shape = {map.channels(), map.frequencies()};
        return flatKernels.computeIfAbsent(
                kernel, whole -> whole.map(part -> tf.reshape(part, tf.constant(shape))));
    }
}
