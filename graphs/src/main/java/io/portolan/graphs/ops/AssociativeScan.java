package io.portolan.graphs.ops;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * An associative scan: all prefixes of a sequence under an associative operator, computed by the odd/even recursion in
 * the same order as {@code jax.lax.associative_scan} ({@code docs/model.md}, section 4), so that float32 rounding
 * matches the reference.
 *
 * <p>Every leaf holds the whole sequence along one axis, counted from the end; each level of the recursion applies the
 * operator once, to all its pairs.
 */
public final class AssociativeScan {
    private final Ops tf;
    private final int axisFromEnd;

    /**
     * @param axisFromEnd the time axis of every leaf, counted from the end: 1 is the last axis
     */
    public AssociativeScan(Ops tf, int axisFromEnd) {
        this.tf = tf;
        this.axisFromEnd = axisFromEnd;
    }

    /**
     * The inclusive prefixes {@code e0, e0∘e1, …}, as long as the input.
     *
     * @param elements the sequence
     * @param length number of elements along the time axis, at least 1
     * @param combine the operator; its first argument is the earlier element
     */
    public <S extends OperandTree<S>> S inclusive(S elements, int length, BinaryOperator<S> combine) {
        if (length < 2) {
            return elements;
        }
        int pairs = length / 2;
        S reduced = combine.apply(every(elements, 0, 2 * pairs, 2), every(elements, 1, 2 * pairs, 2));
        S odd = inclusive(reduced, pairs, combine);

        S first = every(elements, 0, 1, 1);
        if (length == 2) {
            return join(first, odd);
        }
        int laterEvens = (length - 1) / 2;
        S even = join(first, combine.apply(every(odd, 0, laterEvens, 1), every(elements, 2, length, 2)));
        return interleave(even, odd, length);
    }

    private <S extends OperandTree<S>> S every(S elements, int begin, int end, int stride) {
        return elements.map(leaf -> Slices.along(tf, leaf, axisOf(leaf), begin, end, stride));
    }

    private <S extends OperandTree<S>> S join(S earlier, S later) {
        return earlier.zip(later, (a, b) -> tf.concat(List.of(a, b), tf.constant(axisOf(a))));
    }

    private <S extends OperandTree<S>> S interleave(S even, S odd, int length) {
        int evens = (length + 1) / 2;
        int[] order =
                IntStream.range(0, length).map(t -> t / 2 + (t % 2) * evens).toArray();
        return join(even, odd).map(leaf -> tf.gather(leaf, tf.constant(order), tf.constant(axisOf(leaf))));
    }

    private int axisOf(Operand<TFloat32> leaf) {
        return leaf.rank() - axisFromEnd;
    }
}
