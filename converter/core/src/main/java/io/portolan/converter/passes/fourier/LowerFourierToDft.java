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

/**
 * Lowers Fourier transforms to ONNX's DFT, one axis after the other: a small graph, for runtimes with a fast DFT. All are complex
 * transforms of the full spectrum: of the runtimes in use, some reject an inverse from a half spectrum and some compute it wrong.
 */
public final class LowerFourierToDft implements Pass {
    @Override
    public String name() {
        return "fourier-as-dft";
    }

    @Override
    public boolean isRequired() {
        return true;
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() instanceof FourierOp op ? Optional.of(lower(op, node, b)) : Optional.empty());
    }

    private static List<Value> lower(FourierOp op, Node node, GraphBuilder b) {
        Value x = node.input(0);
        return switch (op.kind()) {
            case COMPLEX ->
                transformed(new ComplexParts(x, node.input(1)), op, 1, b).parts();
            case FROM_REAL ->
                x.shape().dim(-1).isKnown()
                        ? halfOfWhole(x, op, b)
                        : transformed(new DftOperator(b, true).halfSpectrum(x), op, 2, b)
                                .parts();
            case TO_REAL -> {
                ComplexParts rows = transformed(new ComplexParts(x, node.input(1)), op, 2, b);
                ComplexParts whole = OpenWidth.isOpen(node)
                        ? OpenWidth.wholeSpectrum(rows, node, b)
                        : rows.withMirroredColumns((int) node.attributes().integer(FourierOp.WIDTH), b);
                yield List.of(alongAxis(whole, x.rank() - 1, op, b).re());
            }
        };
    }

    private static List<Value> halfOfWhole(Value x, FourierOp op, GraphBuilder b) {
        ComplexParts whole = transformed(new ComplexParts(x, b.mul(x, b.like(x, 0))), op, 1, b);
        long columns = FourierOp.columns(x.shape().dim(-1).coefficient());
        return whole.columns(new SliceRange(0, columns, 1), b).parts();
    }

    /** Transforms along the axes of {@code op}, counted from the last (1), beginning with {@code first}. */
    private static ComplexParts transformed(ComplexParts x, FourierOp op, int first, GraphBuilder b) {
        ComplexParts transformed = x;
        for (int axis = first; axis <= op.axes(); axis++) {
            transformed = alongAxis(transformed, x.rank() - axis, op, b);
        }
        return transformed;
    }

    private static ComplexParts alongAxis(ComplexParts x, int axis, FourierOp op, GraphBuilder b) {
        boolean isOpen = !x.re().shape().dim(axis).isKnown();
        return new DftOperator(b, isOpen).transformed(x, axis, op.isInverse());
    }
}
