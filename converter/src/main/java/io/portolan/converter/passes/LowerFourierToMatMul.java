package io.portolan.converter.passes;

import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * Turns Fourier transforms into products with constant matrices, one axis after the other. For the sizes of feature
 * maps this is faster and more accurate than ONNX Runtime's DFT, and every runtime can do it.
 */
public final class LowerFourierToMatMul implements Pass {
    /** A complex tensor. */
    private record Parts(Value re, Value im) {
        Parts map(UnaryOperator<Value> change) {
            return new Parts(change.apply(re), change.apply(im));
        }

        List<Value> list() {
            return List.of(re, im);
        }
    }

    @Override
    public String name() {
        return "fourier-as-matmul";
    }

    @Override
    public boolean isRequired() {
        return true;
    }

    @Override
    public void apply(OnnxGraph graph) {
        DftMatrices matrices = new DftMatrices(new GraphBuilder(graph));
        GraphRewriter.rewrite(graph, (node, builder) -> node.op() instanceof FourierOp op
                ? Optional.of(lower(op, node, builder, matrices)) : Optional.empty());
    }

    private static List<Value> lower(FourierOp op, Node node, GraphBuilder b, DftMatrices matrices) {
        boolean isVector = node.input(0).rank() == 1;
        List<Value> inputs = isVector ? node.inputs().stream().map(x -> b.unsqueeze(x, 0)).toList() : node.inputs();
        List<Value> outputs = switch (op.kind()) {
            case COMPLEX -> alongAxes(new Parts(inputs.get(0), inputs.get(1)), op, 1, b, matrices).list();
            case FROM_REAL -> alongAxes(fromReal(inputs.get(0), b, matrices), op, 2, b, matrices).list();
            case TO_REAL -> List.of(toReal(alongAxes(new Parts(inputs.get(0), inputs.get(1)), op, 2, b, matrices),
                    (int) node.attributes().integer(FourierOp.WIDTH), b, matrices));
        };
        return isVector ? outputs.stream().map(y -> b.squeeze(y, 0)).toList() : outputs;
    }

    private static Parts fromReal(Value x, GraphBuilder b, DftMatrices matrices) {
        int width = size(x, -1);
        return new Parts(b.matMul(x, matrices.realSpectrumRe(width, x.element())),
                b.matMul(x, matrices.realSpectrumIm(width, x.element())));
    }

    private static Value toReal(Parts x, int width, GraphBuilder b, DftMatrices matrices) {
        return b.matMul(b.concat(x.re().rank() - 1, x.re(), x.im()), matrices.realPoints(width, x.re().element()));
    }

    /** Complex transforms along the axes of a transform, beginning with the first, the last one or the one before it. */
    private static Parts alongAxes(Parts x, FourierOp op, int first, GraphBuilder b, DftMatrices matrices) {
        Parts transformed = x;
        for (int axis = first; axis <= op.axes(); axis++) {
            if (size(x.re(), -axis) > 1) {
                transformed = alongAxis(transformed, x.re().rank() - axis, op.isInverse(), b, matrices);
            }
        }
        return transformed;
    }

    /** Matrices stand on the left, so that the axis has to be the last but one. */
    private static Parts alongAxis(Parts x, int axis, boolean inverse, GraphBuilder b, DftMatrices matrices) {
        int rank = x.re().rank();
        long[] order = LongStream.range(0, rank).toArray();
        order[axis] = rank - 2;
        order[rank - 2] = axis;
        boolean moves = axis != rank - 2;
        Parts columns = moves ? x.map(part -> b.transpose(part, order)) : x;
        Value stacked = b.concat(rank - 2, columns.re(), columns.im());
        int size = size(columns.re(), -2);
        Parts result = inverse
                ? new Parts(b.matMul(matrices.pointsRe(size, stacked.element()), stacked),
                        b.matMul(matrices.pointsIm(size, stacked.element()), stacked))
                : new Parts(b.matMul(matrices.spectrumRe(size, stacked.element()), stacked),
                        b.matMul(matrices.spectrumIm(size, stacked.element()), stacked));
        return moves ? result.map(part -> b.transpose(part, order)) : result;
    }

    private static int size(Value x, int axis) {
        return Math.toIntExact(x.shape().dim(axis).coefficient());
    }
}
