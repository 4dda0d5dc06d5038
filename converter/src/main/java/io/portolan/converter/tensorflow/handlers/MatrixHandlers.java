package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Value;
import io.portolan.converter.tensorflow.HandlerRegistry;
import io.portolan.converter.tensorflow.Imported;
import io.portolan.converter.tensorflow.Imported.ComplexValue;
import io.portolan.converter.tensorflow.Imported.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpHandler;
import java.util.List;
import java.util.stream.LongStream;

/** Matrix products, and the bias that follows them. */
final class MatrixHandlers {
    private static final List<String> BATCHED = List.of("BatchMatMul", "BatchMatMulV2", "BatchMatMulV3");

    private MatrixHandlers() {}

    /** Adds this family. */
    static void register(HandlerRegistry.Builder table) {
        table.add("MatMul", OpHandler.single(MatrixHandlers::matMul))
                .real("BiasAdd", MatrixHandlers::biasAdd);
        BATCHED.forEach(name -> table.add(name, OpHandler.single(MatrixHandlers::batchMatMul)));
    }

    private static Imported matMul(NodeContext node) {
        GraphBuilder b = node.builder();
        return product(b, transposed(b, node.imported(0), node.flag("transpose_a"), false),
                transposed(b, node.imported(1), node.flag("transpose_b"), false));
    }

    /** The adjoint of a complex matrix is conjugated, its plain transpose is not. */
    private static Imported batchMatMul(NodeContext node) {
        GraphBuilder b = node.builder();
        return product(b, transposed(b, node.imported(0), node.flag("adj_x"), true),
                transposed(b, node.imported(1), node.flag("adj_y"), true));
    }

    private static Imported transposed(GraphBuilder b, Imported matrix, boolean wanted, boolean conjugated) {
        if (!wanted) {
            return matrix;
        }
        if (matrix instanceof ComplexValue pair) {
            Value im = b.transposeMatrix(pair.im());
            return new ComplexValue(b.transposeMatrix(pair.re()), conjugated ? b.neg(im) : im);
        }
        return new RealValue(b.transposeMatrix(((RealValue) matrix).value()));
    }

    private static Imported product(GraphBuilder b, Imported x, Imported y) {
        if (x instanceof ComplexValue left && y instanceof ComplexValue right) {
            return ComplexArithmetic.bilinear(b, b::matMul, left, right);
        }
        return new RealValue(b.matMul(((RealValue) x).value(), ((RealValue) y).value()));
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
