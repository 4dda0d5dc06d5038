package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.FLOATS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.GaussianElimination;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.lowering.TriangularMatrices;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;

/** Inverses, determinants, linear systems and Cholesky factors. Where TensorFlow refuses a matrix, the result is not finite. */
final class LinearAlgebraHandlers {
    private static final String SMALL = "matrices of at most " + TriangularMatrices.LARGEST + " rows";

    static final List<OpDefinition> OPS = List.of(
            op("MatrixInverse", FLOATS.and(COMPLEX)).reads("adjoint").single(LinearAlgebraHandlers::inverse),
            op("MatrixSolve", FLOATS.and(COMPLEX)).reads("adjoint").single(LinearAlgebraHandlers::solve),
            op("MatrixDeterminant", FLOATS)
                    .real(node -> GaussianElimination.determinant(node.builder(), node.input(0))
                            .product()),
            op("LogMatrixDeterminant", FLOATS).as(LinearAlgebraHandlers::logarithm),
            op("Cholesky", FLOATS)
                    .limitedTo(SMALL)
                    .real(node -> TriangularMatrices.cholesky(node.builder(), node.input(0), true)),
            op("MatrixTriangularSolve", FLOATS)
                    .reads("lower", "adjoint")
                    .limitedTo(SMALL)
                    .real(LinearAlgebraHandlers::triangularSolve));

    private LinearAlgebraHandlers() {}

    private static TranslatedTensor inverse(NodeContext node) {
        GraphBuilder b = node.builder();
        if (node.hasComplexInput()) {
            Value inverse = GaussianElimination.inverse(b, realForm(b, adjoint(node)));
            long size = Shapes.known(node.complex(0).re(), -1);
            return left(b, inverse, size);
        }
        return new RealValue(GaussianElimination.inverse(b, transposed(node)));
    }

    private static TranslatedTensor solve(NodeContext node) {
        GraphBuilder b = node.builder();
        if (node.hasComplexInput()) {
            ComplexValue y = node.complex(1);
            Value stacked = b.concat(y.re().rank() - 2, y.re(), y.im());
            return halves(b, GaussianElimination.solve(b, realForm(b, adjoint(node)), stacked));
        }
        return new RealValue(GaussianElimination.solve(b, transposed(node), node.input(1)));
    }

    private static Value transposed(NodeContext node) {
        return node.flag("adjoint") ? node.builder().transposeMatrix(node.input(0)) : node.input(0);
    }

    private static ComplexValue adjoint(NodeContext node) {
        GraphBuilder b = node.builder();
        ComplexValue a = node.complex(0);
        return node.flag("adjoint") ? new ComplexValue(b.transposeMatrix(a.re()), b.neg(b.transposeMatrix(a.im()))) : a;
    }

    /** The real matrix of twice the size by which (re, im) is multiplied. */
    private static Value realForm(GraphBuilder b, ComplexValue a) {
        int last = a.re().rank() - 1;
        return b.concat(last - 1, b.concat(last, a.re(), b.neg(a.im())), b.concat(last, a.im(), a.re()));
    }

    private static ComplexValue left(GraphBuilder b, Value realForm, long columns) {
        int last = realForm.rank() - 1;
        return halves(b, b.slice(realForm, List.of((long) last), List.of(new SliceRange(0, columns, 1))));
    }

    private static ComplexValue halves(GraphBuilder b, Value stacked) {
        int axis = stacked.rank() - 2;
        long rows = Shapes.known(stacked, axis) / 2;
        List<Value> parts = b.split(stacked, axis, List.of(rows, rows));
        return new ComplexValue(parts.get(0), parts.get(1));
    }

    private static List<TranslatedTensor> logarithm(NodeContext node) {
        GaussianElimination.Determinant determinant = GaussianElimination.determinant(node.builder(), node.input(0));
        return List.of(new RealValue(determinant.sign()), new RealValue(determinant.logarithm()));
    }

    private static Value triangularSolve(NodeContext node) {
        boolean isLower = !node.hasAttribute("lower") || node.flag("lower");
        return TriangularMatrices.solve(
                node.builder(), node.input(0), node.input(1), true, isLower, node.flag("adjoint"), false);
    }
}
