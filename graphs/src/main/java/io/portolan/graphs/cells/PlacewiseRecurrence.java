package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * Recurrences of numbers at every place of a map, {@code h_t = a_t·h_(t−1) + u_t} from zero, step by step. If neither a nor
 * u depends on the step, {@code h_t = (1 + a + … + a^t)·u}, and the recurrence is that of the small sum alone.
 *
 * @param lastStepOnly whether only the last step is read
 */
record PlacewiseRecurrence(Ops tf, int steps, boolean lastStepOnly) {
    private static final int RANK_WITH_TIME = 5;
    private static final int TIME = 1;

    /**
     * @param decay a, {@code (B, T, H, W, C)}, or {@code (C)} for all steps
     * @param input u, {@code (B, T or 1, H, W, C)}
     * @return h at the steps that are read
     */
    Operand<TFloat32> states(Operand<TFloat32> decay, Operand<TFloat32> input) {
        TimeSlices at = new TimeSlices(tf);
        if (isConstant(decay, input)) {
            Operand<TFloat32> one = tf.constant(1f);
            return scaled(at.step(input, 0), unrolled(t -> decay, t -> one, tf.math::mul, tf.math::add));
        }
        return stacked(unrolled(t -> at.step(decay, t), t -> at.step(input, t), tf.math::mul, tf.math::add));
    }

    /**
     * @param decay a, {@code (C)}
     * @param input u, {@code (B, T or 1, H, W, C)}
     * @return the real part of h at the steps that are read
     */
    Operand<TFloat32> realParts(ComplexTensor decay, Operand<TFloat32> input) {
        TimeSlices at = new TimeSlices(tf);
        if (isConstant(decay.real(), input)) {
            ComplexTensor one = complex(tf.constant(1f));
            return scaled(at.step(input, 0), real(unrolledComplex(decay, t -> one)));
        }
        return stacked(real(unrolledComplex(decay, t -> complex(at.step(input, t)))));
    }

    private static boolean isConstant(Operand<TFloat32> decay, Operand<TFloat32> input) {
        return decay.rank() < RANK_WITH_TIME && input.shape().get(TIME) == 1;
    }

    private List<ComplexTensor> unrolledComplex(ComplexTensor decay, IntFunction<ComplexTensor> input) {
        return unrolled(t -> decay, input, ComplexTensor::times, ComplexTensor::plus);
    }

    /** The states at the steps that are read. */
    private <S> List<S> unrolled(
            IntFunction<S> decay, IntFunction<S> input, BinaryOperator<S> times, BinaryOperator<S> plus) {
        List<S> states = new ArrayList<>(List.of(input.apply(0)));
        for (int t = 1; t < steps; t++) {
            states.add(plus.apply(times.apply(decay.apply(t), states.get(t - 1)), input.apply(t)));
        }
        return lastStepOnly ? states.subList(steps - 1, steps) : states;
    }

    private ComplexTensor complex(Operand<TFloat32> real) {
        return new ComplexTensor(tf, real, tf.constant(0f));
    }

    private static List<Operand<TFloat32>> real(List<ComplexTensor> numbers) {
        return numbers.stream().map(ComplexTensor::real).toList();
    }

    private Operand<TFloat32> scaled(Operand<TFloat32> input, List<Operand<TFloat32>> factors) {
        return stacked(factors.stream()
                .<Operand<TFloat32>>map(factor -> tf.math.mul(input, factor))
                .toList());
    }

    private Operand<TFloat32> stacked(List<Operand<TFloat32>> states) {
        return tf.stack(states, Stack.axis((long) TIME));
    }
}
