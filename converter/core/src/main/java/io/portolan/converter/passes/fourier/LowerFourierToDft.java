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
 * Turns Fourier transforms into ONNX's DFT, one axis after the other: a small graph, for runtimes that do DFT well. All are
 * complex transforms of both halves: of runtimes in use, some refuse an inverse from one half, some compute it wrong.
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
                transformed(new Spectrum(x, node.input(1)), op, 1, b).parts();
            case FROM_REAL -> {
                Spectrum whole = transformed(new Spectrum(x, b.mul(x, b.like(x, 0))), op, 1, b);
                long columns = FourierOp.columns(x.shape().dim(-1).coefficient());
                yield whole.columns(new SliceRange(0, columns, 1), b).parts();
            }
            case TO_REAL -> {
                Spectrum rows = transformed(new Spectrum(x, node.input(1)), op, 2, b);
                int width = (int) node.attributes().integer(FourierOp.WIDTH);
                yield List.of(
                        alongAxis(rows.completed(width, b), x.rank() - 1, op, b).re());
            }
        };
    }

    /** Transforms along the axes of a transform, beginning with the first, the last one or the one before it. */
    private static Spectrum transformed(Spectrum x, FourierOp op, int first, GraphBuilder b) {
        Spectrum transformed = x;
        for (int axis = first; axis <= op.axes(); axis++) {
            transformed = alongAxis(transformed, x.rank() - axis, op, b);
        }
        return transformed;
    }

    private static Spectrum alongAxis(Spectrum x, int axis, FourierOp op, GraphBuilder b) {
        // The operator wants a batch in front.
        boolean isVector = x.rank() == 1;
        Spectrum batched = isVector ? x.map(part -> b.unsqueeze(part, 0)) : x;
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
        Spectrum spectrum = new Spectrum(b.squeeze(halves.get(0), rank), b.squeeze(halves.get(1), rank));
        return isVector ? spectrum.map(part -> b.squeeze(part, 0)) : spectrum;
    }

    private static Value integer(long number, GraphBuilder b) {
        return b.constant(TensorData.scalar(OnnxType.INT64, number));
    }
}
