package io.portolan.converter.stablehlo.ops;

import static io.portolan.converter.stablehlo.OpLowering.op;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.lowering.TriangularMatrices;
import io.portolan.converter.stablehlo.LoweredTensor;
import io.portolan.converter.stablehlo.OpContext;
import io.portolan.converter.stablehlo.OpLowering;
import io.portolan.programs.stablehlo.Attribute;
import java.util.List;

/** Cholesky factors and triangular systems of small known sizes, column by column. */
final class LinearAlgebraOps {
    private static final String LIMIT =
            "complex numbers; matrices of more than " + TriangularMatrices.LARGEST + " rows";
    private static final String CALL = "stablehlo.custom_call @lapack_";

    static final List<OpLowering> OPS = List.of(
            op("stablehlo.cholesky", "MatMul, Sqrt, Div")
                    .except(LIMIT)
                    .real(in -> TriangularMatrices.cholesky(
                            in.b(), in.real(0), in.op().flag("lower"))),
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
        Value factor = TriangularMatrices.cholesky(in.b(), in.real(0), flag(in, "uplo") == 'L');
        Value success = in.b().constant(TensorData.scalar(OnnxType.INT32, 0));
        return List.of(
                LoweredTensor.of(in.resultType(0), factor),
                LoweredTensor.repeated(in.resultType(1), new RealValue(success)));
    }

    private static Value solve(OpContext in) {
        boolean isTransposed = !in.op().keyword("transpose_a").equals("NO_TRANSPOSE");
        return TriangularMatrices.solve(
                in.b(),
                in.real(0),
                in.real(1),
                in.op().flag("left_side"),
                in.op().flag("lower"),
                isTransposed,
                in.op().flag("unit_diagonal"));
    }

    private static Value trsm(OpContext in) {
        return TriangularMatrices.solve(
                in.b(),
                in.real(0),
                in.real(1),
                flag(in, "side") == 'L',
                flag(in, "uplo") == 'L',
                flag(in, "trans_x") != 'N',
                flag(in, "diag") == 'U');
    }
}
