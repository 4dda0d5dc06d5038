package io.portolan.converter.passes;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rewrites means over channels, as in layer normalisation, as a product with equal weights: ONNX Runtime multiplies matrices
 * several times as fast as it reduces one short axis.
 */
public final class MeanAsMatMul implements Pass {
    /**
     * One vector per sample gains nothing from it, and the norm of pooled vectors is most sensitive to rounding: ONNX Runtime's
     * own mean rounds less.
     */
    private static final int SMALLEST_RANK = 3;

    private static final int CHANNELS_FIRST = 1;

    @Override
    public String name() {
        return "mean-as-matmul";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> Reduction.of(node)
                        .filter(MeanAsMatMul::isOfChannels)
                        .flatMap(reduction -> product(reduction, b))
                        .map(List::of));
    }

    private static boolean isOfChannels(Reduction reduction) {
        Value x = reduction.input();
        if (reduction.op() != StandardOp.REDUCE_MEAN
                || x.element() != OnnxType.FLOAT
                || x.rank() < SMALLEST_RANK
                || reduction.axes().size() != 1) {
            return false;
        }
        int axis = reduction.axes().get(0);
        return x.shape().dim(axis).isKnown()
                && (axis == x.rank() - 1 || (axis == CHANNELS_FIRST && reduction.keepsAxes()));
    }

    private static Optional<Value> product(Reduction reduction, GraphBuilder b) {
        Value x = reduction.input();
        int axis = reduction.axes().get(0);
        float[] weights = new float[Math.toIntExact(x.shape().dim(axis).coefficient())];
        Arrays.fill(weights, 1f / weights.length);
        if (axis == x.rank() - 1) {
            Value mean = b.matMul(x, b.constant(TensorData.of(weights, weights.length, 1)));
            return Optional.of(reduction.keepsAxes() ? mean : b.squeeze(mean, axis));
        }
        List<Dim> places = x.shape().dims().subList(axis + 1, x.rank());
        if (!places.stream().allMatch(Dim::isKnown)) {
            return Optional.empty();
        }
        Value flat = b.reshape(
                x,
                -1,
                weights.length,
                places.stream().reduce(Dim.ONE, Dim::times).coefficient());
        Value mean = b.matMul(b.constant(TensorData.of(weights, 1, weights.length)), flat);
        List<Long> sizes = new ArrayList<>(List.of(-1L, 1L));
        places.forEach(place -> sizes.add(place.coefficient()));
        return Optional.of(
                b.reshape(mean, sizes.stream().mapToLong(Long::longValue).toArray()));
    }
}
