package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Goom;
import io.portolan.graphs.ops.LogRecurrence;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;

/** Solves recurrences as the reference does: every entry in log space with its floors, by an associative scan in its order. */
final class LogSpaceSolver {
    /** The reference's logarithm of zero, in the matrix before the first step. */
    private static final float LOG_ZERO = -1e4f;

    /** Behind row, column and batch. */
    private static final int TIME = 3;

    private final Ops tf;
    private final Goom goom;
    private final int steps;

    LogSpaceSolver(Ops tf, int steps) {
        this.tf = tf;
        this.goom = new Goom(tf);
        this.steps = steps;
    }

    /**
     * The states of a linear system.
     *
     * @param inputs û of each state, {@code (B, T, C, H, F)}
     * @param initial the states before the first step, in any shape that broadcasts; none for zeros
     * @return for each state its spectra at every step, {@code (B, T, C, H, F)}
     */
    List<ComplexTensor> states(LinearSystem system, List<ComplexTensor> inputs, List<ComplexTensor> initial) {
        int states = inputs.size();
        Operand<TFloat32> zeros = tf.zerosLike(inputs.get(0).real());
        List<ComplexTensor> transition = new ArrayList<>();
        for (List<Coefficient> row : system.transition()) {
            row.forEach(entry -> transition.add(scaled(goom.toGoom(entry.unscaled(tf)), entry.logScale())));
        }
        List<ComplexTensor> input = new ArrayList<>();
        for (int i = 0; i < states; i++) {
            InputGate gate = system.inputGates().get(i);
            ComplexTensor gated = gate.gate().map(inputs.get(i)::times).orElse(inputs.get(i));
            input.add(scaled(goom.toGoom(gated), gate.logScale()));
        }
        ComplexTensor m = matrix(transition, states, states, zeros);
        ComplexTensor u = matrix(input, states, 1, zeros);
        return initial.isEmpty() ? solve(m, u, steps, states, 1) : solveFrom(initial, m, u, zeros);
    }

    /**
     * A recurrence of matrices.
     *
     * @param transition M row by row, n·n entries
     * @param input u row by row, n·columns entries
     * @param zeros of the shape of a state, {@code (B, T, C, H, F)}
     * @return the states row by row
     */
    List<ComplexTensor> states(
            List<ComplexTensor> transition, List<ComplexTensor> input, int size, int columns, Operand<TFloat32> zeros) {
        return solve(
                matrix(transition.stream().map(goom::toGoom).toList(), size, size, zeros),
                matrix(input.stream().map(goom::toGoom).toList(), size, columns, zeros),
                steps,
                size,
                columns);
    }

    /** As the reference does it: the initial states are the input of a step of its own, whose matrix is the identity. */
    private List<ComplexTensor> solveFrom(
            List<ComplexTensor> initial, ComplexTensor transition, ComplexTensor input, Operand<TFloat32> zeros) {
        int states = initial.size();
        Operand<TFloat32> oneStep = Slices.along(tf, zeros, 1, 0, 1, 1);
        ComplexTensor one = new ComplexTensor(tf, tf.constant(0f), tf.constant(0f));
        ComplexTensor zero = new ComplexTensor(tf, tf.constant(LOG_ZERO), tf.constant(0f));
        List<ComplexTensor> identity = IntStream.range(0, states * states)
                .mapToObj(i -> i % (states + 1) == 0 ? one : zero)
                .toList();
        List<ComplexTensor> before = initial.stream().map(goom::toGoom).toList();
        return solve(
                        after(matrix(identity, states, states, oneStep), transition),
                        after(matrix(before, states, 1, oneStep), input),
                        steps + 1,
                        states,
                        1)
                .stream()
                .map(state -> state.map(part -> Slices.along(tf, part, 1, 1, steps + 1, 1)))
                .toList();
    }

    private ComplexTensor after(ComplexTensor earlier, ComplexTensor later) {
        return earlier.zip(later, (a, b) -> tf.concat(List.of(a, b), tf.constant(TIME)));
    }

    private List<ComplexTensor> solve(
            ComplexTensor transition, ComplexTensor input, int length, int size, int columns) {
        ComplexTensor solved = goom.fromGoom(new LogRecurrence(transition, input).states(tf, length));
        ComplexTensor flat = solved.map(part -> {
            long[] shape = part.shape().asArray();
            int[] entries = {size * columns, -1, length, (int) shape[4], (int) shape[5], (int) shape[6]};
            return tf.reshape(part, tf.constant(entries));
        });
        return IntStream.range(0, size * columns)
                .mapToObj(i ->
                        flat.map(part -> tf.squeeze(Slices.along(tf, part, 0, i, i + 1, 1), Squeeze.axis(List.of(0L)))))
                .toList();
    }

    private static ComplexTensor scaled(ComplexTensor logarithm, Optional<Operand<TFloat32>> logScale) {
        return logScale.map(logarithm::plusReal).orElse(logarithm);
    }

    /**
     * Stacks entries, given row by row, into one tensor: each is broadcast to the shape of {@code zeros}, after two
     * leading axes for row and column.
     */
    private ComplexTensor matrix(List<ComplexTensor> entries, int rows, int columns, Operand<TFloat32> zeros) {
        long[] state = zeros.shape().asArray();
        int[] shape = {rows, columns, -1, (int) state[1], (int) state[2], (int) state[3], (int) state[4]};
        List<ComplexTensor> whole = entries.stream()
                .map(entry -> entry.map(part -> tf.math.add(part, zeros)))
                .toList();
        return ComplexTensor.stack(tf, whole, 0).map(part -> tf.reshape(part, tf.constant(shape)));
    }
}
