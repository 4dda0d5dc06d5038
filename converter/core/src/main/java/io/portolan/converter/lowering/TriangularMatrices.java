package io.portolan.converter.lowering;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Cholesky factors and triangular systems of small known sizes, column by column; leading axes are batches. */
public final class TriangularMatrices {
    /** The largest matrix: the graph grows with its size. */
    public static final long LARGEST = 32;

    private TriangularMatrices() {}

    /** The factor below the diagonal; or its transpose, which is computed from the upper half. */
    public static Value cholesky(GraphBuilder b, Value a, boolean isLower) {
        Value matrix = isLower ? a : b.transposeMatrix(a);
        long size = order(matrix);
        List<Value> columns = new ArrayList<>();
        for (long j = 0; j < size; j++) {
            Value column = part(b, matrix, j, size, j, j + 1);
            if (j > 0) {
                Value before = b.concat(matrix.rank() - 1, columns.toArray(Value[]::new));
                Value left = part(b, before, j, size, 0, j);
                Value row = part(b, before, j, j + 1, 0, j);
                column = b.sub(column, b.matMul(left, b.transposeMatrix(row)));
            }
            Value pivot = b.apply(StandardOp.SQRT, part(b, column, 0, 1, 0, 1));
            columns.add(b.pad(
                    b.div(column, pivot), above(matrix.rank(), j), b.constant(TensorData.scalar(a.element(), 0))));
        }
        Value factor = b.concat(matrix.rank() - 1, columns.toArray(Value[]::new));
        return isLower ? factor : b.transposeMatrix(factor);
    }

    private static List<Long> above(int rank, long rows) {
        List<Long> pads = new ArrayList<>(
                LongStream.generate(() -> 0).limit(2L * rank).boxed().toList());
        pads.set(rank - 2, rows);
        return pads;
    }

    /** Solves op(a) x = y, or x op(a) = y, row by row. */
    public static Value solve(
            GraphBuilder b, Value a, Value y, boolean isLeft, boolean isLower, boolean isTransposed, boolean isUnit) {
        if (!isLeft) {
            Value flipped = solve(b, a, b.transposeMatrix(y), true, isLower, !isTransposed, isUnit);
            return b.transposeMatrix(flipped);
        }
        Value matrix = isTransposed ? b.transposeMatrix(a) : a;
        boolean isForward = isLower != isTransposed;
        long size = order(matrix);
        List<Value> rows = new ArrayList<>();
        for (long step = 0; step < size; step++) {
            long i = isForward ? step : size - 1 - step;
            Value row = part(b, y, i, i + 1, 0, SliceRange.TO_END);
            if (step > 0) {
                Value known = b.concat(y.rank() - 2, rows.toArray(Value[]::new));
                Value factors = isForward ? part(b, matrix, i, i + 1, 0, i) : part(b, matrix, i, i + 1, i + 1, size);
                row = b.sub(row, b.matMul(factors, known));
            }
            Value solved = isUnit ? row : b.div(row, part(b, matrix, i, i + 1, i, i + 1));
            rows.add(isForward ? rows.size() : 0, solved);
        }
        return b.concat(y.rank() - 2, rows.toArray(Value[]::new));
    }

    private static long order(Value matrix) {
        long size = Shapes.known(matrix, matrix.rank() - 1);
        if (size > LARGEST || size < 1) {
            throw new IllegalArgumentException("matrices of " + size + " rows are not supported");
        }
        return size;
    }

    private static Value part(GraphBuilder b, Value matrix, long top, long bottom, long left, long right) {
        int rank = matrix.rank();
        return b.slice(
                matrix,
                List.of(rank - 2L, rank - 1L),
                List.of(new SliceRange(top, bottom, 1), new SliceRange(left, right, 1)));
    }
}
