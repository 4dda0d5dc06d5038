package io.portolan.converter.lowering;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Square systems of any size by Gauss and Jordan's elimination with partial pivoting, one turn of a loop per column; leading axes are
 * batches. Computed in double precision, so that of a float result only the last rounding counts for well-conditioned matrices.
 */
public final class GaussianElimination {
    /**
     * The determinant in the two forms that TensorFlow has.
     *
     * @param product the determinant
     * @param sign its sign
     * @param logarithm the logarithm of its absolute value, which neither overflows nor underflows
     */
    public record Determinant(Value product, Value sign, Value logarithm) {}

    private GaussianElimination() {}

    /** The x with a x = y; not finite if a is singular. */
    public static Value solve(GraphBuilder b, Value a, Value y) {
        List<Value> reduced = reduced(b, List.of(inDouble(b, a), inDouble(b, y)));
        return b.cast(reduced.get(1), a.element());
    }

    /** The inverse matrix; not finite if there is none. */
    public static Value inverse(GraphBuilder b, Value a) {
        Value rows = rows(b, a);
        Value unit = b.cast(b.apply(StandardOp.EQUAL, b.unsqueeze(rows, 1), b.unsqueeze(rows, 0)), OnnxType.DOUBLE);
        return solve(b, a, b.cast(b.expand(unit, b.shapeOf(a)), a.element()));
    }

    /** The determinant: 0, with a logarithm of minus infinity, if a column has no pivot. */
    public static Determinant determinant(GraphBuilder b, Value a) {
        List<Value> reduced = reduced(b, List.of(inDouble(b, a)));
        Value pivots = reduced.get(1);
        Value zero = b.like(pivots, 0);
        Value isZero = b.apply(StandardOp.EQUAL, pivots, zero);
        Value isSingular =
                b.cast(b.reduce(StandardOp.REDUCE_MAX, b.cast(isZero, OnnxType.INT32), false, 0), OnnxType.BOOL);
        Value signs = b.mul(reduced.get(2), b.apply(StandardOp.SIGN, pivots));
        Value sign = b.where(isSingular, zero, b.reduce(StandardOp.REDUCE_PROD, signs, false, 0));
        Value sizes = b.apply(StandardOp.ABS, pivots);
        Value product = b.mul(sign, b.where(isSingular, zero, b.reduce(StandardOp.REDUCE_PROD, sizes, false, 0)));
        Value logarithm = b.where(
                isSingular,
                b.like(pivots, Double.NEGATIVE_INFINITY),
                b.reduce(StandardOp.REDUCE_SUM, b.apply(StandardOp.LOG, sizes), false, 0));
        return new Determinant(b.cast(product, a.element()), b.cast(sign, a.element()), b.cast(logarithm, a.element()));
    }

    private static Value inDouble(GraphBuilder b, Value x) {
        return b.cast(x, OnnxType.DOUBLE);
    }

    /** The indices of the rows. */
    private static Value rows(GraphBuilder b, Value a) {
        Value count = b.squeeze(Shapes.size(b, a, a.rank() - 1), 0);
        return b.apply(StandardOp.RANGE, b.like(count, 0), count, b.like(count, 1));
    }

    /**
     * Applies the row operations that make the first matrix the unit matrix to all matrices.
     *
     * @return the matrices; then for each column its pivot, and -1 if its row was exchanged with another, otherwise 1
     */
    private static List<Value> reduced(GraphBuilder b, List<Value> matrices) {
        Value a = matrices.get(0);
        Value rows = rows(b, a);
        return CountedLoop.of(b, b.squeeze(Shapes.size(b, a, a.rank() - 1), 0), matrices, (in, column, state) -> {
            Value entries = gathered(in, state.get(0), column, -1);
            Value isOpen = in.apply(StandardOp.GREATER_OR_EQUAL, rows, column);
            Value size = in.where(isOpen, in.apply(StandardOp.ABS, entries), in.like(entries, -1));
            Value place = in.apply(StandardOp.ARG_MAX, Attributes.of("axis", -1).with("keepdims", 1), size);
            Value isPivot = lastAxis(in, in.apply(StandardOp.EQUAL, rows, place));
            Value isDone = in.unsqueeze(in.apply(StandardOp.EQUAL, rows, column), 1);
            Value pivot = gathered(in, pivotRow(in, state.get(0), isPivot), column, -1);
            List<Exchanged> exchanged = state.stream()
                    .map(matrix -> exchanged(in, matrix, column, isPivot, lastAxis(in, pivot)))
                    .toList();
            Value factors = lastAxis(in, gathered(in, exchanged.get(0).others(), column, -1));
            List<Value> next = exchanged.stream()
                    .map(matrix ->
                            in.where(isDone, matrix.row(), in.sub(matrix.others(), in.mul(factors, matrix.row()))))
                    .toList();
            Value isOwn = in.apply(StandardOp.EQUAL, place, column);
            Value sign = in.where(isOwn, in.like(pivot, 1), in.like(pivot, -1));
            return new CountedLoop.Turn(
                    next,
                    Stream.of(pivot, sign)
                            .map(value -> in.squeeze(value, value.rank() - 1))
                            .toList(),
                    Optional.empty());
        });
    }

    /**
     * A matrix with the row of the pivot exchanged.
     *
     * @param row the row of the pivot, divided by it
     * @param others the matrix with the row that takes its place; where that was, any numbers
     */
    private record Exchanged(Value row, Value others) {}

    private static Exchanged exchanged(GraphBuilder b, Value matrix, Value column, Value isPivot, Value pivot) {
        Value replaced = b.unsqueeze(gathered(b, matrix, column, -2), matrix.rank() - 2L);
        return new Exchanged(b.div(pivotRow(b, matrix, isPivot), pivot), b.where(isPivot, replaced, matrix));
    }

    private static Value pivotRow(GraphBuilder b, Value matrix, Value isPivot) {
        Value only = b.where(isPivot, matrix, b.like(matrix, 0));
        return b.reduce(StandardOp.REDUCE_SUM, only, true, matrix.rank() - 2L);
    }

    private static Value gathered(GraphBuilder b, Value matrix, Value index, int axis) {
        return b.apply(StandardOp.GATHER, Attributes.of("axis", matrix.rank() + axis), matrix, index);
    }

    private static Value lastAxis(GraphBuilder b, Value x) {
        return b.unsqueeze(x, x.rank());
    }
}
