package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import io.portolan.programs.stablehlo.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Cholesky factors and triangular systems of small known sizes, column by column. */
final class LinearAlgebraOps {
    /** The largest matrix: the graph grows with its size. */
    private static final long LARGEST = 32;

    private static final String LIMIT = "complex numbers; matrices of more than " + LARGEST + " rows";
    private static final String CALL = "stablehlo.custom_call @lapack_";

    static final List<OpLowering> OPS = List.of(
            op("stablehlo.cholesky", "MatMul, Sqrt, Div")
                    .except(LIMIT)
                    .real(in -> cholesky(in.b(), in.real(0), in.op().flag("lower"))),
            op("stablehlo.triangular_solve", "MatMul, Div").except(LIMIT).real(LinearAlgebraOps::solve),
            op(CALL + "spotrf_ffi", "MatMul, Sqrt, Div").except(LIMIT).as(LinearAlgebraOps::potrf),
            op(CALL + "dpotrf_ffi", "MatMul, Sqrt, Div").except(LIMIT).as(LinearAlgebraOps::potrf),
            op(CALL + "strsm_ffi", "MatMul, Div").except(LIMIT).real(LinearAlgebraOps::trsm),
            op(CALL + "dtrsm_ffi", "MatMul, Div").except(LIMIT).real(LinearAlgebraOps::trsm));

    private LinearAlgebraOps() {}

    private static char flag(OpContext in, String name) {
        if (in.op().annotations().get("mhlo.backend_config") instanceof Attribute.Entries entries
                && entries.byName().get(name) instanceof Attribute.Int code) {
            return (char) code.value();
        }
        throw new IllegalArgumentException("expected a letter " + name + " in its configuration");
    }

    /** LAPACK's factorisation, with 0 for success: a matrix that has no factor gives NaN, which JAX would put in its place too. */
    private static List<LoweredTensor> potrf(OpContext in) {
        Value factor = cholesky(in.b(), in.real(0), flag(in, "uplo") == 'L');
        Value success = in.b().constant(TensorData.scalar(OnnxType.INT32, 0));
        return List.of(
                LoweredTensor.of(in.resultType(0), factor),
                LoweredTensor.repeated(in.resultType(1), new RealValue(success)));
    }

    /** The factor below the diagonal; or its transpose, which is computed from the upper half. */
    private static Value cholesky(GraphBuilder b, Value a, boolean isLower) {
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

    private static Value solve(OpContext in) {
        boolean isTransposed = !in.op().keyword("transpose_a").equals("NO_TRANSPOSE");
        return solve(
                in.b(),
                in.real(0),
                in.real(1),
                in.op().flag("left_side"),
                in.op().flag("lower"),
                isTransposed,
                in.op().flag("unit_diagonal"));
    }

    private static Value trsm(OpContext in) {
        return solve(
                in.b(),
                in.real(0),
                in.real(1),
                flag(in, "side") == 'L',
                flag(in, "uplo") == 'L',
                flag(in, "trans_x") != 'N',
                flag(in, "diag") == 'U');
    }

    /** Solves op(a) x = y, or x op(a) = y, row by row. */
    private static Value solve(
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
