package io.portolan.graphs.model;

import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ActivationType;
import io.portolan.graphs.config.InputForm;
import io.portolan.graphs.config.VitConfig;
import io.portolan.graphs.layers.Activation;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.MultiHeadAttention;
import io.portolan.graphs.layers.Normalization;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.PerChannel;
import io.portolan.graphs.ops.Slices;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The reference's vision transformer ({@code docs/model.md}, section 8.2): patches of a frame attend to each other, and after every
 * third block frames do, at each place. Of a still image all frames are the same, so the fused plan shows one.
 *
 * <pre>
 *     x ← x + γ₁ ⊙ attention(norm x)      x ← x + γ₂ ⊙ D(gelu(D(norm x)))
 * </pre>
 */
final class Vit implements Model {
    /** As many frames as the input has. */
    private static final int OPEN = -1;

    private static final int COLOURS = 3;
    private static final Initializer SMALL = new Initializer.Constant(1e-6);
    private static final Initializer POSITIONS = new Initializer.Normal(0.02);

    private final VitConfig config;
    private final int frames;
    private final int height;
    private final int width;

    Vit(VitConfig config, Plan plan) {
        this.config = config;
        boolean isStill = config.inputForm() == InputForm.IMAGE;
        this.frames = plan == Plan.FAITHFUL ? config.frames() : isStill ? 1 : OPEN;
        this.height = config.mapHeight();
        this.width = config.mapWidth();
    }

    @Override
    public Shape inputShape() {
        Shape sample = Shape.of(config.input().sampleShape());
        return (frames == OPEN ? sample.tail().prepend(Shape.UNKNOWN_SIZE) : sample).prepend(Shape.UNKNOWN_SIZE);
    }

    @Override
    public Operand<TFloat32> logits(ModuleScope scope, Operand<TFloat32> input) {
        Ops tf = scope.tf();
        int channels = config.channels();
        // B and T of an open video, which the input alone tells.
        Operand<TInt32> videos = tf.slice(tf.shape(input), tf.constant(new int[] {0}), tf.constant(new int[] {2}));
        Operand<TFloat32> x = patches(scope.in("patch_embed").in("proj"), repeated(tf, input));
        if (config.hasPositions()) {
            Operand<TFloat32> positions = scope.parameter("pos_embed", POSITIONS, 1, 1, height, width, channels);
            x = tf.math.add(x, tf.reshape(positions, tf.constant(new int[] {1, height * width, channels})));
        }
        for (int i = 0; i < config.depth(); i++) {
            x = block(scope.in(VitTrace.block(i)), x);
            if (config.attendsOverTimeAfter(i)) {
                x = overTime(scope.in(VitTrace.temporalBlock(i)), x, videos);
            }
        }
        ModuleScope norm = scope.in("norm");
        Operand<TFloat32> normed = norm.output(Normalization.layer(norm, x, channels));
        Operand<TFloat32> ofFrame = tf.math.mean(normed, tf.constant(1));
        Operand<TFloat32> pooled = tf.math.mean(tf.reshape(ofFrame, perVideo(tf, videos, channels)), tf.constant(1));
        return Layers.dense(scope.in("head").inSinglePrecision(), pooled, channels, config.classes());
    }

    /** The frames of all samples, {@code (B·T, H, W, 3)}. */
    private Operand<TFloat32> repeated(Ops tf, Operand<TFloat32> input) {
        Operand<TFloat32> video = config.inputForm() == InputForm.VIDEO || frames == 1
                ? input
                : tf.tile(tf.expandDims(input, tf.constant(1)), tf.constant(new int[] {1, frames, 1, 1, 1}));
        return tf.reshape(video, tf.constant(new int[] {-1, config.imageHeight(), config.imageWidth(), COLOURS}));
    }

    /** A convolution whose stride is its side: a product with every patch, {@code (B·T, patches, C)}. */
    private Operand<TFloat32> patches(ModuleScope scope, Operand<TFloat32> images) {
        Ops tf = scope.tf();
        int side = config.patchSize();
        Operand<TFloat32> whole = tf.slice(
                images, tf.constant(new int[4]), tf.constant(new int[] {-1, height * side, width * side, COLOURS}));
        Operand<TFloat32> byPatch = tf.linalg.transpose(
                tf.reshape(whole, tf.constant(new int[] {-1, height, side, width, side, COLOURS})),
                tf.constant(new int[] {0, 1, 3, 2, 4, 5}));
        int numbers = side * side * COLOURS;
        Operand<TFloat32> flat = tf.reshape(byPatch, tf.constant(new int[] {-1, height * width, numbers}));
        Operand<TFloat32> kernel = tf.reshape(
                scope.parameter("kernel", side, side, COLOURS, config.channels()),
                tf.constant(new int[] {numbers, config.channels()}));
        return PerChannel.add(
                tf, MatrixProduct.of(tf, scope.precision(), flat, kernel), scope.parameter("bias", config.channels()));
    }

    private Operand<TFloat32> block(ModuleScope scope, Operand<TFloat32> x) {
        Ops tf = scope.tf();
        int channels = config.channels();
        ModuleScope attention = scope.in(VitTrace.ATTENTION);
        Operand<TFloat32> attended = attended(attention, Normalization.layer(scope.in("norm1"), x, channels));
        Operand<TFloat32> y = tf.math.add(x, scaled(scope, "gamma1", attended));
        ModuleScope mlp = scope.in("mlp");
        Operand<TFloat32> hidden = Activation.apply(
                tf,
                ActivationType.GELU,
                Layers.dense(
                        mlp.in("fc1"), Normalization.layer(scope.in("norm2"), y, channels), channels, config.hidden()));
        Operand<TFloat32> out = Layers.dense(mlp.in("fc2"), hidden, config.hidden(), channels);
        return scope.output(tf.math.add(y, scaled(scope, "gamma2", out)));
    }

    private Operand<TFloat32> attended(ModuleScope scope, Operand<TFloat32> x) {
        int channels = config.channels();
        List<Operand<TFloat32>> qkv =
                Slices.parts(scope.tf(), Layers.dense(scope.in("qkv"), x, channels, 3L * channels), x.rank() - 1, 3);
        MultiHeadAttention attention = new MultiHeadAttention(scope.tf(), scope.precision(), config.heads(), channels);
        Operand<TFloat32> weights = attention.weights(qkv.get(0), qkv.get(1));
        scope.output(VitTrace.WEIGHTS, weights);
        Operand<TFloat32> mixed = attention.mixed(weights, qkv.get(2), x);
        return Layers.dense(scope.in("proj"), mixed, channels, channels);
    }

    /** Attention among the frames at each place. */
    private Operand<TFloat32> overTime(ModuleScope scope, Operand<TFloat32> x, Operand<TInt32> videos) {
        Ops tf = scope.tf();
        int channels = config.channels();
        int places = height * width;
        Operand<TFloat32> placesFirst = tf.linalg.transpose(
                tf.reshape(x, perVideo(tf, videos, places, channels)), tf.constant(new int[] {0, 2, 1, 3}));
        Operand<TInt32> split = tf.shape(placesFirst);
        Operand<TFloat32> byPlace = tf.reshape(
                placesFirst,
                frames == OPEN
                        ? tf.concat(
                                List.of(tf.constant(new int[] {-1}), part(tf, split, 2), part(tf, split, 3)),
                                tf.constant(0))
                        : tf.constant(new int[] {-1, frames, channels}));
        ModuleScope attention = scope.in(VitTrace.ATTENTION);
        Operand<TFloat32> attended = attended(attention, Normalization.layer(scope.in("norm"), byPlace, channels));
        Operand<TFloat32> y = tf.math.add(byPlace, scaled(scope, "gamma", attended));
        return scope.output(tf.reshape(
                tf.linalg.transpose(
                        tf.reshape(y, frames == OPEN ? split : tf.constant(new int[] {-1, places, frames, channels})),
                        tf.constant(new int[] {0, 2, 1, 3})),
                tf.constant(new int[] {-1, places, channels})));
    }

    /** The shape (B, T, rest). */
    private Operand<TInt32> perVideo(Ops tf, Operand<TInt32> videos, int... rest) {
        return frames == OPEN
                ? tf.concat(List.of(videos, tf.constant(rest)), tf.constant(0))
                : tf.constant(IntStream.concat(IntStream.of(-1, frames), IntStream.of(rest))
                        .toArray());
    }

    private static Operand<TInt32> part(Ops tf, Operand<TInt32> shape, int axis) {
        return tf.slice(shape, tf.constant(new int[] {axis}), tf.constant(new int[] {1}));
    }

    private Operand<TFloat32> scaled(ModuleScope scope, String name, Operand<TFloat32> x) {
        return PerChannel.multiply(scope.tf(), x, scope.parameter(name, SMALL, config.channels()));
    }
}
