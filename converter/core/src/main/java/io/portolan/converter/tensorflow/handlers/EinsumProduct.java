package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * An einsum of two tensors that is a matrix product after their axes are put in order. Every character of a term names one axis.
 *
 * @param batch axes of both tensors and of the result
 * @param rows axes of the left tensor and of the result: any number without a batch, otherwise one
 * @param contracted the axis that is summed over
 * @param columns the axis of the right tensor and of the result
 * @param result all axes of the result
 */
record EinsumProduct(String batch, String rows, String contracted, String columns, String result) {
    /** The product that the terms stand for; empty if their einsum is none without reshapes. */
    static Optional<EinsumProduct> of(String left, String right, String result) {
        EinsumProduct product = new EinsumProduct(
                common(common(result, left), right),
                without(common(result, left), right),
                without(common(left, right), result),
                without(common(result, right), left),
                result);
        boolean isComplete = product.batch.length() + product.rows.length() + 1 == left.length()
                && product.batch.length() + 2 == right.length()
                && product.batch.length() + product.rows.length() + 1 == result.length();
        boolean isProduct = product.contracted.length() == 1
                && product.columns.length() == 1
                && (product.rows.length() == 1 || product.batch.isEmpty() && !product.rows.isEmpty())
                && List.of(left, right, result).stream().allMatch(EinsumProduct::hasNoDiagonal);
        return isComplete && isProduct ? Optional.of(product) : Optional.empty();
    }

    Value of(GraphBuilder b, String left, Value x, String right, Value y) {
        Value product = b.matMul(
                ordered(b, x, left, batch + rows + contracted), ordered(b, y, right, batch + contracted + columns));
        return ordered(b, product, batch + rows + columns, result);
    }

    private static Value ordered(GraphBuilder b, Value x, String axes, String order) {
        return axes.equals(order)
                ? x
                : b.transpose(x, order.chars().mapToLong(axes::indexOf).toArray());
    }

    private static String common(String axes, String others) {
        return filtered(axes, others, true);
    }

    private static String without(String axes, String others) {
        return filtered(axes, others, false);
    }

    private static String filtered(String axes, String others, boolean isIn) {
        StringBuilder kept = new StringBuilder();
        axes.chars().filter(axis -> others.indexOf(axis) >= 0 == isIn).forEach(axis -> kept.append((char) axis));
        return kept.toString();
    }

    private static boolean hasNoDiagonal(String axes) {
        return axes.chars().distinct().count() == axes.length();
    }
}
