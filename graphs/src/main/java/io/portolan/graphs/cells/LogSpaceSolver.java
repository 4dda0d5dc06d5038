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
import org.tensorflow.types.TFloat32;

/** Solves recurrences as the reference does: every entry in log space with its floors, by an associative scan in its order. */
final class LogSpaceSolver {
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
        if (!initial.isEmpty()) {
            addInitial(transition, input, initial, zeros);
        }
        return solve(matrix(transition, states, states, zeros), matrix(input, states, 1, zeros), states, 1);
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
                size,
                columns);
    }

    private List<ComplexTensor> solve(ComplexTensor transition, ComplexTensor input, int size, int columns) {
        ComplexTensor solved = goom.fromGoom(new LogRecurrence(transition, input).states(tf, steps));
        ComplexTensor flat = solved.map(part -> {
            long[] shape = part.shape().asArray();
            int[] entries = {size * columns, -1, steps, (int) shape[4], (int) shape[5], (int) shape[6]};
            return tf.reshape(part, tf.constant(entries));
        });
        return IntStream.range(0, size * columns)
                .mapToObj(i -> flat.map(part -> tf.squeeze(
                        Slices.along(tf, part, 0, i, i + 1, 1), org.tensorflow.op.core.Squeeze.axis(List.of(0L)))))
                .toList();
    }

    /** u_0 + M_0 s_(−1) in place of u_0. */
    private void addInitial(
            List<ComplexTensor> transition,
            List<ComplexTensor> input,
            List<ComplexTensor> initial,
            Operand<TFloat32> zeros) {
        int states = input.size();
        for (int i = 0; i < states; i++) {
            ComplexTensor whole = input.get(i).map(part -> tf.math.add(part, zeros));
            ComplexTensor first = at(whole, 0, 1);
            for (int j = 0; j < states; j++) {
                ComplexTensor entry = transition.get(i * states + j);
                ComplexTensor now =
                        entry.real().rank() == 5 && entry.real().shape().get(1) != 1 ? at(entry, 0, 1) : entry;
                first = goom.logAddExp(
                        first, now.plus(goom.toGoom(initial.get(j))).map(part -> part));
            }
            input.set(
                    i,
                    steps == 1
                            ? first
                            : first.zip(at(whole, 1, steps), (a, b) -> tf.concat(List.of(a, b), tf.constant(1))));
        }
    }

    private ComplexTensor at(ComplexTensor x, int from, int to) {
        return x.map(part -> Slices.along(tf, part, 1, from, to, 1));
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
        int[] shape = {rows, columns, -1, steps, (int) state[2], (int) state[3], (int) state[4]};
        List<ComplexTensor> whole = entries.stream()
                .map(entry -> entry.map(part -> tf.math.add(part, zeros)))
                .toList();
        return new ComplexTensor(
                        tf,
                        tf.stack(whole.stream().map(ComplexTensor::real).toList()),
                        tf.stack(whole.stream().map(ComplexTensor::imaginary).toList()))
                .map(part -> tf.reshape(part, tf.constant(shape)));
    }
}
