package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.EXPAND_FACTOR;
import static io.portolan.graphs.config.ModelOption.SHORT_CONV_SIZE;
import static io.portolan.graphs.config.ModelOption.STATE_DIM;

import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Mamba-2 over {@link Tokens} ({@code docs/model.md}, section 2.18): for each of I channels a state h of M numbers.
 *
 * <pre>
 *     [p | z] = D(x)      p ← silu(conv(p))      Δ = sp(D(p))      b = D(p)      c = D(p)
 *     Ā = e^max(−e^(A_log)·Δ, −20)
 *     h_i ← Ā_i·h_i + Δ_i p_i·b      y_i = h_iᵀ c
 *     D(rms(y) ⊙ silu(z))
 * </pre>
 */
final class MambaSequenceCell implements Cell {
    private static final float LEAST_LOG_DECAY = -20;
    private static final int[] STEPS_LAST = {0, 1, 3, 2};

    @Override
    public boolean isResidual() {
        return false;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        Ops tf = in.tf();
        int channels = in.map().channels();
        int inner = channels * in.options().count(EXPAND_FACTOR);
        int states = in.options().count(STATE_DIM);
        Tokens tokens = Tokens.of(in, sequence);
        List<Operand<TFloat32>> pz = in.split(in.dense("in_proj", tokens.frames(), 2L * inner), 2);
        Operand<TFloat32> p = in.silu(in.causal(
                "short_conv",
                tokens.of(pz.get(0)),
                tokens.length(),
                in.options().count(SHORT_CONV_SIZE)));
        Operand<TFloat32> delta = tf.math.softplus(in.dense("dt_proj", p, inner));
        Operand<TFloat32> b = in.dense("B_proj", p, states);
        Operand<TFloat32> c = in.dense("C_proj", p, states);
        Operand<TFloat32> rate = tf.math.exp(in.scope().parameter("A_log", new Initializer.Constant(0), inner));
        Operand<TFloat32> decay =
                tf.math.exp(tf.math.maximum(tf.math.neg(tf.math.mul(delta, rate)), tf.constant(LEAST_LOG_DECAY)));

        Operand<TFloat32> y = tokens.maps(outputs(tf, Chunks.of(tf, tokens.length()), decay, in.times(delta, p), b, c));
        Operand<TFloat32> gated = in.times(in.rms("rms_scale", y), in.read(in.silu(pz.get(1))));
        return in.sequence(in.dense("out_proj", gated, channels));
    }

    /** y of all tokens. With {@code D_t} the product of a chunk's decays so far, {@code y_t = h_tᵀc_t + D_t·h_0ᵀc_t}. */
    private static Operand<TFloat32> outputs(
            Ops tf,
            Chunks chunks,
            Operand<TFloat32> decay,
            Operand<TFloat32> input,
            Operand<TFloat32> b,
            Operand<TFloat32> c) {
        int stepAxis = 3;
        List<Operand<TFloat32>> decays = Slices.parts(tf, stepsLast(tf, chunks, decay), stepAxis, chunks.size());
        List<Operand<TFloat32>> inputs = Slices.parts(tf, stepsLast(tf, chunks, input), stepAxis, chunks.size());
        List<Operand<TFloat32>> rows = Slices.parts(tf, chunks.cut(b), 2, chunks.size());
        Operand<TFloat32> allColumns = stepsLast(tf, chunks, c);
        List<Operand<TFloat32>> columns = Slices.parts(tf, allColumns, stepAxis, chunks.size());

        Operand<TFloat32> h = tf.math.mul(inputs.get(0), rows.get(0));
        Operand<TFloat32> product = decays.get(0);
        List<Operand<TFloat32>> products = new ArrayList<>(List.of(product));
        List<Operand<TFloat32>> local = new ArrayList<>(List.of(times(tf, h, columns.get(0))));
        for (int t = 1; t < chunks.size(); t++) {
            h = tf.math.add(tf.math.mul(decays.get(t), h), tf.math.mul(inputs.get(t), rows.get(t)));
            product = tf.math.mul(decays.get(t), product);
            products.add(product);
            local.add(times(tf, h, columns.get(t)));
        }
        Operand<TFloat32> start = chunks.before(
                        new AffineMap(product, h),
                        4,
                        (earlier, later) -> earlier.then(later, tf.math::mul, tf.math::add))
                .shift();
        Operand<TFloat32> carried =
                tf.math.mul(tf.concat(products, tf.constant(stepAxis)), times(tf, start, allColumns));
        Operand<TFloat32> y = tf.math.add(tf.concat(local, tf.constant(stepAxis)), carried);
        return chunks.joined(tf.linalg.transpose(y, tf.constant(STEPS_LAST)));
    }

    /** {@code (N, K, C, Q)}. */
    private static Operand<TFloat32> stepsLast(Ops tf, Chunks chunks, Operand<TFloat32> x) {
        return tf.linalg.transpose(chunks.cut(x), tf.constant(STEPS_LAST));
    }

    private static Operand<TFloat32> times(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
        return MatrixProduct.of(tf, Precision.SINGLE, a, b);
    }
}
