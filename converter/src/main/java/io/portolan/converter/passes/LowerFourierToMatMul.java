package io.portolan.converter.passes;

import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * Turns Fourier transforms into products with constant matrices, one axis after the other. For the sizes of feature
 * maps this is faster and more accurate than ONNX Runtime's DFT, and every runtime can do it.
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
        GraphRewriter.rewrite(graph, (node, builder) -> node.op() instanceof FourierOp op
                ? Optional.of(lower(op, node, builder, matrices)) : Optional.empty());
    }

    private static List<Value> lower(FourierOp op, Node node, GraphBuilder b, DftMatrices matrices) {
        boolean isVector = node.input(0).rank() == 1;
        List<Value> inputs = isVector ? node.inputs().stream().map(x -> b.unsqueeze(x, 0)).toList() : node.inputs();
        List<Value> outputs = switch (op) {
            case RFFT, RFFT2D -> forward(op, inputs.get(0), b, matrices);
            case IRFFT, IRFFT2D -> List.of(inverse(op, inputs, node, b, matrices));
        };
        return isVector ? outputs.stream().map(y -> b.squeeze(y, 0)).toList() : outputs;
    }

    private static List<Value> forward(FourierOp op, Value x, GraphBuilder b, DftMatrices matrices) {
        int width = size(x, -1);
        Value re = b.matMul(x, matrices.realSpectrumRe(width, x.element()));
        Value im = b.matMul(x, matrices.realSpectrumIm(width, x.element()));
        int height = op.isTwoDimensional() ? size(x, -2) : 1;
        if (height == 1) {
            return List.of(re, im);
        }
        Value stacked = b.concat(x.rank() - 2, re, im);
        return List.of(b.matMul(matrices.spectrumRe(height, x.element()), stacked),
                b.matMul(matrices.spectrumIm(height, x.element()), stacked));
    }

    private static Value inverse(FourierOp op, List<Value> parts, Node node, GraphBuilder b, DftMatrices matrices) {
        Value re = parts.get(0);
        Value im = parts.get(1);
        int height = op.isTwoDimensional() ? size(re, -2) : 1;
        if (height > 1) {
            Value stacked = b.concat(re.rank() - 2, re, im);
            re = b.matMul(matrices.pointsRe(height, stacked.element()), stacked);
            im = b.matMul(matrices.pointsIm(height, stacked.element()), stacked);
        }
        int width = (int) node.attributes().integer(FourierOp.WIDTH);
        return b.matMul(b.concat(re.rank() - 1, re, im), matrices.realPoints(width, re.element()));
    }

    private static int size(Value x, int axis) {
        return Math.toIntExact(x.shape().dim(axis).coefficient());
    }
}
