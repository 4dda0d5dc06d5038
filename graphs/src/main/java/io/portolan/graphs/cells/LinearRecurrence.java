package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;

/**
 * A cell's recurrence as it stands, step after step in plain complex numbers. It differs from the one in log space by
 * rounding and by the floors there ({@code docs/model.md}, section 3). Spectra are flat here: {@code H·F} is one axis.
 */
final class LinearRecurrence {
    private final Ops tf;
    private final FeatureMap map;
    private final LinearSystem system;
    private final Map<Operand<TFloat32>, List<Output<TFloat32>>> gatesByStep = new IdentityHashMap<>();
    private final Map<ComplexTensor, ComplexTensor> flatKernels = new IdentityHashMap<>();

    LinearRecurrence(Ops tf, FeatureMap map, LinearSystem system) {
        this.tf = tf;
        this.map = map;
        this.system = system;
    }

    /**
     * @param inputs for every step û, {@code (B, states, C, H·F)}
     * @return for every step {@code c ⊙ s}, {@code (B, states, C, H·F)}
     */
    List<ComplexTensor> states(List<ComplexTensor> inputs) {
        List<ComplexTensor> outputs = new ArrayList<>();
        List<ComplexTensor> previous = List.of();
        for (int t = 0; t < inputs.size(); t++) {
            List<ComplexTensor> driven = driven(inputs.get(t), t);
            List<ComplexTensor> next = new ArrayList<>();
            for (int i = 0; i < driven.size(); i++) {
                next.add(t == 0 ? driven.get(i) : driven.get(i).plus(fed(system.transition().get(i), previous, t)));
            }
            previous = next;
            outputs.add(stacked(next).times(tf.expandDims(at(system.outputGate(), t), tf.constant(1))));
        }
        return outputs;
    }

    /** u of each state at a step. */
    private List<ComplexTensor> driven(ComplexTensor input, int t) {
        int states = system.inputGates().size();
        List<Output<TFloat32>> real = tf.unstack(input.real(), (long) states, Unstack.axis(1L)).output();
        List<Output<TFloat32>> imaginary = tf.unstack(input.imaginary(), (long) states, Unstack.axis(1L)).output();
        List<ComplexTensor> driven = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            InputGate gate = system.inputGates().get(i);
            Operand<TFloat32> factor = at(gate.gate(), t);
            if (gate.logScale().isPresent()) {
                factor = tf.math.mul(factor, tf.math.exp(at(gate.logScale().get(), t)));
            }
            driven.add(new ComplexTensor(tf, real.get(i), imaginary.get(i)).times(factor));
        }
        return driven;
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
                    int[] shape = {-1, map.steps(), 1, map.frequencies()};
                    return tf.unstack(tf.reshape(whole, tf.constant(shape)), (long) map.steps(), Unstack.axis(1L)).output();
                })
                .get(t);
    }

    private ComplexTensor flat(ComplexTensor kernel) {
        int[] shape = {map.channels(), map.frequencies()};
        return flatKernels.computeIfAbsent(
                kernel, whole -> whole.map(part -> tf.reshape(part, tf.constant(shape))));
    }

    private ComplexTensor stacked(List<ComplexTensor> states) {
        return new ComplexTensor(
                tf,
                tf.stack(states.stream().map(ComplexTensor::real).toList(), Stack.axis(1L)),
                tf.stack(states.stream().map(ComplexTensor::imaginary).toList(), Stack.axis(1L)));
    }
}
