package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMERIC;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ComplexArithmetic;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.ElementTypes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.List;
import java.util.stream.LongStream;
import org.tensorflow.proto.DataType;

/** Products of matrices and vectors, and the bias that follows them. */
final class MatrixHandlers {
    private static final ElementTypes ARITHMETIC = NUMERIC.and(COMPLEX);

    static final List<OpDefinition> OPS = List.of(
            op("MatMul", ARITHMETIC).reads("transpose_a", "transpose_b").single(MatrixHandlers::matMul),
            op("BatchMatMul", ARITHMETIC).reads("adj_x", "adj_y").single(MatrixHandlers::batchMatMul),
            op("BatchMatMulV2", ARITHMETIC).reads("adj_x", "adj_y").single(MatrixHandlers::batchMatMul),
            op("BatchMatMulV3", NUMBERS.and(ElementTypes.of(DataType.DT_INT8)))
                    .typedBy("Ta")
                    .reads("adj_x", "adj_y", "Tout")
                    .real(MatrixHandlers::wideMatMul),
            op("Einsum", ARITHMETIC)
                    .limitedTo("one or two tensors, if complex")
                    .reads("equation")
                    .single(MatrixHandlers::einsum),
            op("Cross", NUMBERS).real(MatrixHandlers::cross),
            op("BiasAdd", NUMERIC.and(COMPLEX)).reads("data_format").partwise(MatrixHandlers::biasAdd),
            op("BiasAddV1", NUMERIC).real(node -> node.builder().add(node.input(0), node.input(1))));

    private MatrixHandlers() {}

    static TranslatedTensor matMul(NodeContext node) {
        GraphBuilder b = node.builder();
        return product(
                b,
                transposed(b, node.imported(0), node.flag("transpose_a"), false),
                transposed(b, node.imported(1), node.flag("transpose_b"), false));
    }

    /** The adjoint of a complex matrix is conjugated, its plain transpose is not. */
    private static TranslatedTensor batchMatMul(NodeContext node) {
        GraphBuilder b = node.builder();
        return product(
                b,
                transposed(b, node.imported(0), node.flag("adj_x"), true),
                transposed(b, node.imported(1), node.flag("adj_y"), true));
    }

    /** The product in a type of its own, in which small integers do not overflow. */
    private static Value wideMatMul(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = b.cast(node.input(0), node.type("Tout"));
        Value y = b.cast(node.input(1), node.type("Tout"));
        return b.matMul(node.flag("adj_x") ? b.transposeMatrix(x) : x, node.flag("adj_y") ? b.transposeMatrix(y) : y);
    }

    private static TranslatedTensor transposed(
            GraphBuilder b, TranslatedTensor matrix, boolean wanted, boolean conjugated) {
        if (!wanted) {
            return matrix;
        }
        if (matrix instanceof ComplexValue pair) {
            Value im = b.transposeMatrix(pair.im());
            return new ComplexValue(b.transposeMatrix(pair.re()), conjugated ? b.neg(im) : im);
        }
        return new RealValue(b.transposeMatrix(((RealValue) matrix).value()));
    }

    private static TranslatedTensor product(GraphBuilder b, TranslatedTensor x, TranslatedTensor y) {
        if (x instanceof ComplexValue left && y instanceof ComplexValue right) {
            return ComplexArithmetic.bilinear(b, b::matMul, left, right);
        }
        return new RealValue(b.matMul(((RealValue) x).value(), ((RealValue) y).value()));
    }

    /** At most two complex tensors: the sum of products distributes over their parts. */
    private static TranslatedTensor einsum(NodeContext node) {
        GraphBuilder b = node.builder();
        String equation = node.text("equation", "");
        if (!node.hasComplexInput()) {
            return new RealValue(Einsum.apply(b, equation, node.inputs(0, node.inputCount())));
        }
        if (node.inputCount() == 1) {
            ComplexValue x = node.complex(0);
            return new ComplexValue(
                    Einsum.apply(b, equation, List.of(x.re())), Einsum.apply(b, equation, List.of(x.im())));
        }
        if (node.inputCount() > 2) {
            throw new IllegalArgumentException("expected at most two complex tensors, got " + node.inputCount());
        }
        return ComplexArithmetic.bilinear(
                b, (x, y) -> Einsum.apply(b, equation, List.of(x, y)), node.complex(0), node.complex(1));
    }

    /** The cross product of vectors along the last axis. */
    private static Value cross(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value y = node.input(1);
        return b.sub(b.mul(turned(b, x, 1), turned(b, y, 2)), b.mul(turned(b, x, 2), turned(b, y, 1)));
    }

    private static Value turned(GraphBuilder b, Value x, long by) {
        return b.apply(StandardOp.GATHER, Attributes.of("axis", -1), x, b.longs(by % 3, (by + 1) % 3, (by + 2) % 3));
    }

    private static Value biasAdd(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value bias = node.input(1);
        if (node.text("data_format", "NHWC").startsWith("NC")) {
            bias = b.unsqueeze(bias, LongStream.rangeClosed(1, x.rank() - 2).toArray());
        }
        return b.add(x, bias);
    }
}
