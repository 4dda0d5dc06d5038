package io.portolan.graphs.cells;

import static io.portolan.graphs.config.ModelOption.MLP_RATIO;
import static io.portolan.graphs.config.ModelOption.NUM_HEADS;

import io.portolan.graphs.config.ActivationType;
import io.portolan.graphs.layers.Activation;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.MultiHeadAttention;
import io.portolan.graphs.layers.Normalization;
import io.portolan.graphs.ops.PerChannel;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A block of a vision transformer ({@code docs/model.md}, section 2.17): attention between the places of each frame, an MLP
 * and, if it is over time too, attention between the frames at each place. Equal frames need but one of them: a mean of equal
 * values is that value.
 *
 * <pre>
 *     x ← x + e
 *     x ← x + γ_1 ⊙ D(MHA_hw(D(norm_1(x))))      x ← x + γ_2 ⊙ D(gelu(D(norm_2(x))))
 *     x ← x + γ_t ⊙ D(MHA_t(D(norm_t(x))))
 * </pre>
 */
final class AttentionCell implements Cell {
    private static final Initializer SMALL = new Initializer.Constant(1e-6);

    private final boolean isOverTime;

    AttentionCell(boolean isOverTime) {
        this.isOverTime = isOverTime;
    }

    @Override
    public boolean isResidual() {
        return false;
    }

    @Override
    public boolean allowsNormBehind() {
        return false;
    }

    @Override
    public FeatureSequence apply(CellBuilder in, FeatureSequence sequence) {
        FeatureMap map = in.map();
        Operand<TFloat32> frames = in.frames(sequence);
        Operand<TFloat32> positions =
                in.scope().parameter("pos_embed", 1, 1, map.height(), map.width(), map.channels());
        Operand<TFloat32> x = in.tf().math.add(isOverTime ? frames : in.read(frames), positions);
        x = plus(in, x, "gamma1", overPlaces(in, x));
        x = plus(in, x, "gamma2", mlp(in, x));
        return in.sequence(isOverTime ? plus(in, in.read(x), "gamma_t", overTime(in, x)) : x);
    }

    private static Operand<TFloat32> overPlaces(CellBuilder in, Operand<TFloat32> x) {
        FeatureMap map = in.map();
        int places = map.height() * map.width();
        List<Operand<TFloat32>> qkv = projected(in, "norm1", "attn_qkv", x).stream()
                .map(part -> reshaped(in, part, places))
                .toList();
        Operand<TFloat32> weights = attention(in).weights(qkv.get(0), qkv.get(1));
        in.scope().output(CellTrace.ATTENTION, weights);
        Operand<TFloat32> mixed = attention(in).mixed(weights, qkv.get(2), qkv.get(0));
        Operand<TFloat32> maps = reshaped(in, mixed, steps(x), map.height(), map.width());
        return in.dense("attn_proj", maps, map.channels());
    }

    /** Only the steps that are read ask; all are asked. */
    private static Operand<TFloat32> overTime(CellBuilder in, Operand<TFloat32> x) {
        Ops tf = in.tf();
        FeatureMap map = in.map();
        List<Operand<TFloat32>> qkv = projected(in, "norm_t", "t_attn_qkv", x);
        Operand<TFloat32> q = in.read(qkv.get(0));
        Operand<TFloat32> queries = byPlace(in, q);
        Operand<TFloat32> weights = attention(in).weights(queries, byPlace(in, qkv.get(1)));
        in.scope().output(CellTrace.ATTENTION_OVER_TIME, weights);
        Operand<TFloat32> mixed = attention(in).mixed(weights, byPlace(in, qkv.get(2)), queries);
        Operand<TFloat32> timeLast = reshaped(in, mixed, map.height(), map.width(), steps(q));
        Operand<TFloat32> maps = tf.linalg.transpose(timeLast, tf.constant(new int[] {0, 3, 1, 2, 4}));
        return in.dense("t_attn_proj", maps, map.channels());
    }

    private static Operand<TFloat32> mlp(CellBuilder in, Operand<TFloat32> x) {
        int channels = in.map().channels();
        int hidden = (int) (channels * in.options().ratio(MLP_RATIO));
        Operand<TFloat32> up = in.dense("mlp_fc1", normed(in, "norm2", x), hidden);
        return in.dense("mlp_fc2", Activation.apply(in.tf(), ActivationType.GELU, up), channels);
    }

    /** Queries, keys and values. */
    private static List<Operand<TFloat32>> projected(CellBuilder in, String norm, String dense, Operand<TFloat32> x) {
        return in.split(in.dense(dense, normed(in, norm, x), 3L * in.map().channels()), 3);
    }

    private static MultiHeadAttention attention(CellBuilder in) {
        int heads = in.dividingChannels(NUM_HEADS);
        return new MultiHeadAttention(
                in.tf(), in.scope().precision(), heads, in.map().channels());
    }

    /** {@code (B, T, H, W, C)} to {@code (B·H·W, T, C)}. */
    private static Operand<TFloat32> byPlace(CellBuilder in, Operand<TFloat32> x) {
        Ops tf = in.tf();
        return reshaped(in, tf.linalg.transpose(x, tf.constant(new int[] {0, 2, 3, 1, 4})), steps(x));
    }

    private static Operand<TFloat32> normed(CellBuilder in, String name, Operand<TFloat32> x) {
        return Normalization.layer(in.scope().in(name), x, in.map().channels());
    }

    private static Operand<TFloat32> plus(CellBuilder in, Operand<TFloat32> x, String scale, Operand<TFloat32> update) {
        Operand<TFloat32> gamma = in.scope().parameter(scale, SMALL, in.map().channels());
        return in.tf().math.add(x, PerChannel.multiply(in.tf(), update, gamma));
    }

    /** Any number of tensors of that shape with channels behind. */
    private static Operand<TFloat32> reshaped(CellBuilder in, Operand<TFloat32> x, int... shape) {
        int[] all = IntStream.concat(
                        IntStream.concat(IntStream.of(-1), IntStream.of(shape)),
                        IntStream.of(in.map().channels()))
                .toArray();
        return in.tf().reshape(x, in.tf().constant(all));
    }

    private static int steps(Operand<TFloat32> x) {
        return Math.toIntExact(x.shape().get(1));
    }
}
