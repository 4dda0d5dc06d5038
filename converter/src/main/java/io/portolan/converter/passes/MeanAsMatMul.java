package io.portolan.converter.passes;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Takes the mean over the last axis, as layer normalisation does, by a product with a column of equal weights: ONNX
 * Runtime multiplies matrices several times as fast as it reduces short rows.
 */
public final class MeanAsMatMul implements Pass {
    /**
     * Vectors, one for each sample, are not worth it, and the norm of pooled vectors is where rounding tells most: ONNX
     * Runtime's own mean rounds less.
     */
    private static final int SMALLEST_RANK = 3;

    @Override
    public String name() {
        return "means as products";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, MeanAsMatMul::rewrite);
    }

    private static Optional<List<Value>> rewrite(Node node, GraphBuilder builder) {
        if (node.op() != StandardOp.REDUCE_MEAN || !reducesLastAxis(node)) {
            return Optional.empty();
        }
        Value x = node.input(0);
        float[] weights = new float[Math.toIntExact(size(x).coefficient())];
        Arrays.fill(weights, 1f / weights.length);
        Value mean = builder.matMul(x, builder.constant(TensorData.of(weights, weights.length, 1)));
        boolean keepsAxis = node.output().rank() == x.rank();
        return Optional.of(List.of(keepsAxis ? mean : builder.squeeze(mean, x.rank() - 1)));
    }

    private static boolean reducesLastAxis(Node node) {
        Value x = node.input(0);
        if (x.element() != OnnxType.FLOAT || x.rank() < SMALLEST_RANK || !size(x).isKnown() || node.inputs().size() < 2) {
            return false;
        }
        return node.input(1).data()
                .filter(axes -> axes.size() == 1)
                .map(axes -> Math.floorMod((long) axes.doubleAt(0), (long) x.rank()) == x.rank() - 1)
                .orElse(false);
    }

    private static Dim size(Value x) {
        TensorShape shape = x.shape();
        return shape.dim(x.rank() - 1);
    }
}
