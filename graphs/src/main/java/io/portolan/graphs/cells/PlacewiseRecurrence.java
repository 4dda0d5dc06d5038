package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * Recurrences of numbers at every place of a map, {@code h_t = a_t·h_(t−1) + u_t} from zero, step by step. If neither a nor
 * u depends on the step, {@code h_t = (1 + a + … + a^t)·u}, and the recurrence is that of the small sum alone, unless the plan
 * goes {@linkplain CellPlan#isStepByStep step by step}.
 *
 * @param lastStepOnly whether only the last step is read
 */
record PlacewiseRecurrence(Ops tf, int steps, boolean lastStepOnly, CellPlan plan) {
    private static final int RANK_WITH_TIME = 5;
    private static final int TIME = 1;

    /**
     * @param decay a, {@code (B, T, H, W, C)}, or {@code (C)} for all steps
     * @param input u, {@code (B, T or 1, H, W, C)}
     * @return h at the steps that are read
     */
    Operand<TFloat32> states(Operand<TFloat32> decay, Operand<TFloat32> input) {
        TimeSlices at = new TimeSlices(tf);
        if (isOfOneMap(decay, input)) {
            Operand<TFloat32> one = tf.constant(1f);
            return scaled(
                    at.step(input, 0),
                    solved(t -> decay, t -> one, tf.math::mul, tf.math::add).read());
        }
        Solved<Operand<TFloat32>> solved =
                solved(t -> at.step(decay, t), t -> tf.identity(at.step(input, t)), tf.math::mul, tf.math::add);
        plan.took(solved.takenApart(tf::zerosLike, List::of));
        return stacked(solved.read());
    }

    /**
     * @param decay a, {@code (C)}
     * @param input u, {@code (B, T or 1, H, W, C)}
     * @return the real part of h at the steps that are read
     */
    Operand<TFloat32> realParts(ComplexTensor decay, Operand<TFloat32> input) {
        TimeSlices at = new TimeSlices(tf);
        if (isOfOneMap(decay.real(), input)) {
            ComplexTensor one = new ComplexTensor(tf, tf.constant(1f), tf.constant(0f));
            return scaled(at.step(input, 0), real(complex(decay, t -> one).read()));
        }
        Solved<ComplexTensor> solved = complex(decay, t -> {
            Operand<TFloat32> real = tf.identity(at.step(input, t));
            return new ComplexTensor(tf, real, tf.zerosLike(real));
        });
        plan.took(solved.takenApart(z -> z.map(tf::zerosLike), z -> List.of(z.real(), z.imaginary())));
        return stacked(real(solved.read()));
    }

    private boolean isOfOneMap(Operand<TFloat32> decay, Operand<TFloat32> input) {
        return !plan.isStepByStep()
                && decay.rank() < RANK_WITH_TIME
                && input.shape().get(TIME) == 1;
    }

    private Solved<ComplexTensor> complex(ComplexTensor decay, IntFunction<ComplexTensor> input) {
        return solved(t -> decay, input, ComplexTensor::times, ComplexTensor::plus);
    }

    /** The recurrence of numbers of some kind. */
    private <S> Solved<S> solved(
            IntFunction<S> decay, IntFunction<S> input, BinaryOperator<S> times, BinaryOperator<S> plus) {
        Solved<S> solved = new Solved<>(lastStepOnly, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int t = 0; t < steps; t++) {
            S driving = input.apply(t);
            solved.inputs.add(driving);
            if (t == 0) {
                solved.states.add(driving);
            } else {
                solved.kept.add(times.apply(decay.apply(t), solved.states.get(t - 1)));
                solved.states.add(plus.apply(solved.kept.get(t - 1), driving));
            }
        }
        return solved;
    }

    /** @param kept a·h from the second step on */
    private record Solved<S>(boolean lastStepOnly, List<S> states, List<S> kept, List<S> inputs) {
        List<S> read() {
            return lastStepOnly ? states.subList(states.size() - 1, states.size()) : states;
        }

        SolvedPlaces takenApart(Function<S, S> zeros, Function<S, List<Operand<TFloat32>>> parts) {
            List<S> kept = new ArrayList<>(List.of(zeros.apply(states.get(0))));
            kept.addAll(this.kept);
            return new SolvedPlaces(
                    states.stream().map(parts).toList(),
                    kept.stream().map(parts).toList(),
                    inputs.stream().map(parts).toList());
        }
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
