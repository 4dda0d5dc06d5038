package io.portolan.graphs.ops;

import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The recurrence {@code h_t = M_t h_(t-1) + u_t} from {@code h = 0}, with every entry of M and u in log space
 * ({@code docs/model.md}, section 4). For n states, M has shape {@code (n, n, B, T, C, H, F)} and u, a column,
 * {@code (n, 1, B, T, C, H, F)}.
 *
 * @param transition M
 * @param input u
 */
public record LogRecurrence(ComplexTensor transition, ComplexTensor input) implements OperandTree<LogRecurrence> {
    /** Time is the fourth axis from the end. */
    private static final int TIME_FROM_END = 4;

    /** The states h at every step, in log space and with the shape of u. */
    public ComplexTensor states(Ops tf, int steps) {
        int size = Math.toIntExact(transition.real().shape().get(0));
        Product product = new Product(tf, size);
        return new AssociativeScan(tf, TIME_FROM_END)
                .inclusive(this, steps, (earlier, later) -> later.after(earlier, product))
                .input();
    }

    private LogRecurrence after(LogRecurrence earlier, Product product) {
        return new LogRecurrence(
                product.of(transition, earlier.transition),
                product.goom.logAddExp(product.of(transition, earlier.input), input));
    }

    @Override
    public LogRecurrence map(UnaryOperator<Operand<TFloat32>> function) {
        return new LogRecurrence(transition.map(function), input.map(function));
    }

    @Override
    public LogRecurrence zip(LogRecurrence that, BinaryOperator<Operand<TFloat32>> function) {
        return new LogRecurrence(transition.zip(that.transition, function), input.zip(that.input, function));
    }

    /** Matrix products in log space; the first two axes are rows and columns, all others are batch axes. */
    private static final class Product {
        private final Ops tf;
        private final Goom goom;
        private final int size;

        Product(Ops tf, int size) {
            this.tf = tf;
            this.goom = new Goom(tf);
            this.size = size;
        }

        /** {@code (a b)_ij}, summed over k from the left, in the reference's order. */
        ComplexTensor of(ComplexTensor a, ComplexTensor b) {
            ComplexTensor sum = term(a, b, 0);
            for (int k = 1; k < size; k++) {
                sum = goom.logAddExp(sum, term(a, b, k));
            }
            return sum;
        }

        private ComplexTensor term(ComplexTensor a, ComplexTensor b, int k) {
            ComplexTensor column = a.map(part -> Slices.along(tf, part, 1, k, k + 1, 1));
            ComplexTensor row = b.map(part -> Slices.along(tf, part, 0, k, k + 1, 1));
            return column.plus(row);
        }
    }
}
