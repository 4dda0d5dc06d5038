package io.portolan.converter.passes.fourier;

import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Pass;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Lowers Fourier transforms to products with constant matrices, one axis after the other. For the sizes of feature maps this is
 * faster and more accurate than ONNX Runtime's DFT, and every runtime supports it. Axes of open size, and of one with a large prime factor,
 * are left to ONNX's operator, in double precision.
 */
public final class LowerFourierToMatMul implements Pass {
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
        GraphRewriter.rewrite(
                graph,
                (node, builder) -> node.op() instanceof FourierOp op
                        ? Optional.of(lower(op, node, builder, matrices))
                        : Optional.empty());
    }

    private static List<Value> lower(FourierOp op, Node node, GraphBuilder b, DftMatrices matrices) {
        boolean isVector = node.input(0).rank() == 1;
        List<Value> inputs = node.inputs().subList(0, op.minInputs()).stream()
                .map(x -> isVector ? b.unsqueeze(x, 0) : x)
                .toList();
        ColumnTransform columns = new ColumnTransform(b, matrices, op.isInverse());
        List<Value> outputs = switch (op.kind()) {
            case COMPLEX ->
                alongAxes(new ComplexParts(inputs.get(0), inputs.get(1)), op, 1, b, columns)
                        .parts();
            case FROM_REAL ->
                alongAxes(fromReal(inputs.get(0), b, matrices, columns), op, 2, b, columns)
                        .parts();
            case TO_REAL ->
                List.of(toReal(
                        alongAxes(new ComplexParts(inputs.get(0), inputs.get(1)), op, 2, b, columns),
                        node,
                        b,
                        matrices,
                        columns));
        };
        return isVector ? outputs.stream().map(y -> b.squeeze(y, 0)).toList() : outputs;
    }

    private static ComplexParts fromReal(Value x, GraphBuilder b, DftMatrices matrices, ColumnTransform columns) {
        if (!ColumnTransform.hasMatrices(x.shape().dim(-1))) {
            return new DftOperator(b, true).halfSpectrum(x);
        }
        int width = Math.toIntExact(x.shape().dim(-1).coefficient());
        if (width > ColumnTransform.LONGEST_PRODUCT) {
            Value zeros = b.expand(b.like(x, 0), b.shapeOf(x));
            ComplexParts whole = alongAxis(new ComplexParts(x, zeros), x.rank() - 1, b, columns);
            return whole.columns(new SliceRange(0, FourierOp.columns(width), 1), b);
        }
        return new ComplexParts(
                b.matMul(x, matrices.realSpectrumRe(width, x.element())),
                b.matMul(x, matrices.realSpectrumIm(width, x.element())));
    }

    private static Value toReal(
            ComplexParts x, Node node, GraphBuilder b, DftMatrices matrices, ColumnTransform columns) {
        if (OpenWidth.isOpen(node)) {
            return alongAxis(OpenWidth.wholeSpectrum(x, node, b), x.rank() - 1, b, columns)
                    .re();
        }
        int width = (int) node.attributes().integer(FourierOp.WIDTH);
        return width > ColumnTransform.LONGEST_PRODUCT
                ? alongAxis(x.withMirroredColumns(width, b), x.rank() - 1, b, columns)
                        .re()
                : b.matMul(b.concat(x.rank() - 1, x.re(), x.im()), matrices.realPoints(width, x.re().element()));
    }

    /** Complex transforms along the axes of {@code op}, counted from the last (1), beginning with {@code first}. */
    private static ComplexParts alongAxes(
            ComplexParts x, FourierOp op, int first, GraphBuilder b, ColumnTransform columns) {
        ComplexParts transformed = x;
        for (int axis = first; axis <= op.axes(); axis++) {
            if (!x.re().shape().dim(-axis).is(1)) {
                transformed = alongAxis(transformed, x.rank() - axis, b, columns);
            }
        }
        return transformed;
    }

    /** The transform along any axis, which is swapped with the second-to-last before and after. */
    private static ComplexParts alongAxis(ComplexParts x, int axis, GraphBuilder b, ColumnTransform columns) {
        if (!ColumnTransform.hasMatrices(x.re().shape().dim(axis))) {
            return columns.byOperator(x, axis);
        }
        int rank = x.rank();
        if (axis == rank - 2) {
            return columns.of(x);
        }
        long[] order = LongStream.range(0, rank).toArray();
        order[axis] = rank - 2;
        order[rank - 2] = axis;
        return columns.of(x.map(part -> b.transpose(part, order))).map(part -> b.transpose(part, order));
    }
}
