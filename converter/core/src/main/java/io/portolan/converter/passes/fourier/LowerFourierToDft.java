package io.portolan.converter.passes.fourier;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
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
            case FROM_REAL -> {
                ComplexParts whole = transformed(new ComplexParts(x, b.mul(x, b.like(x, 0))), op, 1, b);
                long columns = FourierOp.columns(x.shape().dim(-1).coefficient());
                yield whole.columns(new SliceRange(0, columns, 1), b).parts();
            }
            case TO_REAL -> {
                ComplexParts rows = transformed(new ComplexParts(x, node.input(1)), op, 2, b);
                int width = (int) node.attributes().integer(FourierOp.WIDTH);
                yield List.of(alongAxis(rows.withMirroredColumns(width, b), x.rank() - 1, op, b)
                        .re());
            }
        };
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
        // The operator requires a leading batch axis.
        boolean isVector = x.rank() == 1;
        ComplexParts batched = isVector ? x.map(part -> b.unsqueeze(part, 0)) : x;
        int rank = batched.rank();
        Value parts = b.concat(rank, b.unsqueeze(batched.re(), rank), b.unsqueeze(batched.im(), rank));
        int transformed = isVector ? 1 : axis;
        Value result = b.apply(
                StandardOp.DFT,
                Attributes.of("inverse", op.isInverse() ? 1 : 0),
                parts,
                integer(batched.size(transformed), b),
                integer(transformed, b));
        List<Value> halves = b.split(result, rank, List.of(1L, 1L));
        ComplexParts spectrum = new ComplexParts(b.squeeze(halves.get(0), rank), b.squeeze(halves.get(1), rank));
        return isVector ? spectrum.map(part -> b.squeeze(part, 0)) : spectrum;
    }

    private static Value integer(long number, GraphBuilder b) {
        return b.constant(TensorData.scalar(OnnxType.INT64, number));
    }
}
