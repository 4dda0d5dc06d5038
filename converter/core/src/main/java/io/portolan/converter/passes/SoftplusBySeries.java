package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * Rewrites softplus as {@code max(x, 0) + ln(1 + u)} with {@code u = e^−|x|}, which never overflows, and the logarithm as
 * {@code 2 artanh s} with {@code s = u / (2 + u)} of at most 1/3, where a short series is exact to float32: ONNX Runtime's kernels
 * for softplus and the logarithm are scalar, those for the exponential and for arithmetic are vectorised.
 */
public final class SoftplusBySeries implements Pass {
    /**
     * Coefficients of {@code 2 artanh(√w) / √w} in powers of {@code w = s²}, for w from 0 to 1/9: the minimax polynomial of this
     * degree for the error times s (Remez algorithm). That error is 1.4e-9, a twentieth of float32's resolution at ln 2.
     */
    private static final double[] COEFFICIENTS = {2.00000005, 0.66665869, 0.4003934, 0.27787579, 0.28870017};

    @Override
    public String name() {
        return "softplus-by-series";
    }

    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(
                graph,
                (node, b) -> node.op() == StandardOp.SOFTPLUS && node.input(0).element() == OnnxType.FLOAT
                        ? Optional.of(List.of(softplus(node.input(0), b)))
                        : Optional.empty());
    }

    private static Value softplus(Value x, GraphBuilder b) {
        Value u = b.apply(StandardOp.EXP, b.neg(b.apply(StandardOp.ABS, x)));
        Value s = b.div(u, b.add(u, b.like(x, 2)));
        // Not Relu: ONNX Runtime would fuse it with a preceding convolution and convert its output from the blocked
        // layout twice.
        Value linear = b.apply(StandardOp.MAX, x, b.like(x, 0));
        return b.add(linear, b.mul(s, series(b.mul(s, s), b)));
    }

    private static Value series(Value w, GraphBuilder b) {
        Value sum = b.like(w, COEFFICIENTS[COEFFICIENTS.length - 1]);
        for (int i = COEFFICIENTS.length - 2; i >= 0; i--) {
            sum = b.add(b.mul(sum, w), b.like(w, COEFFICIENTS[i]));
        }
        return sum;
    }
}
