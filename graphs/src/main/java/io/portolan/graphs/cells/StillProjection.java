package io.portolan.graphs.cells;

import io.portolan.graphs.config.PositionMode;
import io.portolan.graphs.layers.Layers;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.ops.Convolution;
import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.ops.Slices;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A linear layer of a still image, whose steps differ by the rotation over time only. That rotation is a matrix over
 * channels, {@code x_t = R_t x}, and so is multiplied into the layer's kernel, as are the weights of a convolution over
 * the steps so far: {@code Σ_i w_i ⊙ K R_(t−i) x} is one kernel for each step, applied to one image. If the layer is a
 * convolution, the channels that no rotation turns are convolved once for all steps.
 */
final class StillProjection {
    private static final int TIME = 1;
    private static final int IN = 3;

    private final ModuleScope scope;
    private final Ops tf;
    private final FeatureMap map;
    private final RotaryEmbedding embedding;
    private final PositionMode positions;
    private final Operand<TFloat32> image;
    private final String name;
    private final int side;
    private final int parts;

    /**
     * @param image with the positions of step 0, {@code (B, H, W, C)}
     * @param side of the layer's spatial kernels; 0 for a Dense layer
     */
    StillProjection(CellSite site, Operand<TFloat32> image, String name, int side, int parts) {
        this.scope = site.scope();
        this.tf = site.tf();
        this.map = site.map();
        this.embedding = new RotaryEmbedding(tf, map);
        this.positions = site.positions();
        this.image = image;
        this.name = name;
        this.side = side;
        this.parts = parts;
    }

    /** A part behind a convolution over the steps so far, channels first: {@code (B, T or 1, C, H, W)}. */
    Operand<TFloat32> planes(int part, ShortConvolution overTime, boolean lastStepOnly) {
        Operand<TFloat32> bias = atSteps(withBias(summed(bias(part), overTime), overTime), lastStepOnly);
        return side > 1
                ? convolved(part, bias, overTime, lastStepOnly)
                : multiplied(part, bias, overTime, lastStepOnly);
    }

    /** A part of a Dense layer behind a convolution over the map and one over the steps so far, {@code (B, T or 1, H, W, C)}. */
    Operand<TFloat32> maps(int part, ShortConvolution overMap, ShortConvolution overTime) {
        int channels = map.channels();
        Operand<TFloat32> affine = affine(summed(rotated(kernel(part)), overTime), summed(bias(part), overTime));
        Operand<TFloat32> pixels =
                tf.reshape(withOnes(), tf.constant(new int[] {-1, 1, map.height() * map.width(), channels + 1}));
        Operand<TFloat32> frames = tf.reshape(
                MatrixProduct.of(tf, scope.precision(), pixels, affine),
                tf.constant(new int[] {-1, map.height(), map.width(), channels}));
        ModuleScope near = scope.in(overMap.name());
        Operand<TFloat32> kernel = near.parameter("kernel", overMap.size(), overMap.size(), 1, channels);
        int[] ofEachChannel = {overMap.size(), overMap.size(), channels, 1};
        Operand<TFloat32> convolved =
                Convolution.ofEachChannel(tf, frames, tf.reshape(kernel, tf.constant(ofEachChannel)));
        Operand<TFloat32> bias =
                withBias(summed(ofSteps(near.parameter("bias", channels), channels), overTime), overTime);
        return tf.math.add(
                tf.reshape(
                        convolved, tf.constant(new int[] {-1, length(affine, 0), map.height(), map.width(), channels})),
                tf.reshape(bias, tf.constant(new int[] {1, -1, 1, 1, channels})));
    }

    /**
     * A convolution over time and the map that sees no later step, without a bias, channels first: {@code (B, T, C, H, W)}.
     *
     * @param kernel the name of the array {@code (lags, side, side, C, C)}
     */
    Operand<TFloat32> causal(String kernel, int lags) {
        int channels = map.channels();
        Operand<TFloat32> weights = scope.parameter(kernel, lags, side, side, channels, channels);
        int[] ofLag = {1, 1, side * side, channels, channels};
        Operand<TFloat32> kernels = Slices.parts(tf, weights, 0, lags).stream()
                .map(part -> repeated(rotated(tf.reshape(part, tf.constant(ofLag))), map.steps()))
                // The first part is that of the earliest step.
                .reduce((earlier, later) -> tf.math.add(delayed(earlier), later))
                .orElseThrow();
        return convolved(image, kernels);
    }

    /** {@code (1, T, …)}, each step's value at the next, zeros at the first. */
    private Operand<TFloat32> delayed(Operand<TFloat32> x) {
        int[][] paddings = new int[x.rank()][2];
        paddings[TIME][0] = 1;
        return Slices.along(tf, tf.pad(x, tf.constant(paddings), tf.constant(0f)), TIME, 0, map.steps(), 1);
    }

    /** A Dense layer: a matrix for each step. */
    private Operand<TFloat32> multiplied(
            int part, Operand<TFloat32> bias, ShortConvolution overTime, boolean lastStepOnly) {
        int channels = map.channels();
        Operand<TFloat32> affine = affine(atSteps(summed(rotated(kernel(part)), overTime), lastStepOnly), bias);
        Operand<TFloat32> planes = tf.reshape(
                tf.linalg.transpose(withOnes(), tf.constant(new int[] {0, 3, 1, 2})),
                tf.constant(new int[] {-1, 1, channels + 1, map.height() * map.width()}));
        return tf.reshape(
                MatrixProduct.ofTransposed(tf, scope.precision(), affine, planes),
                tf.constant(new int[] {-1, length(affine, 0), channels, map.height(), map.width()}));
    }

    private Operand<TFloat32> convolved(
            int part, Operand<TFloat32> bias, ShortConvolution overTime, boolean lastStepOnly) {
        boolean[] turning = embedding.turningChannels(positions);
        Operand<TFloat32> kernel = kernel(part);
        Operand<TFloat32> sum = ofPlanes(bias);
        if (count(turning) > 0) {
            Operand<TFloat32> columns = selection(turning);
            Operand<TFloat32> kernels = MatrixProduct.ofTransposed(tf, Precision.SINGLE, columns, rotated(kernel));
            sum = tf.math.add(sum, convolved(seen(columns), atSteps(summed(kernels, overTime), lastStepOnly)));
        }
        boolean[] still = negated(turning);
        if (count(still) > 0) {
            Operand<TFloat32> columns = selection(still);
            Operand<TFloat32> once =
                    convolved(seen(columns), MatrixProduct.ofTransposed(tf, Precision.SINGLE, columns, kernel));
            Operand<TFloat32> ones = tf.fill(tf.constant(new int[] {1, 1, map.channels()}), tf.constant(1f));
            Operand<TFloat32> weights = atSteps(summed(ones, overTime), lastStepOnly);
            sum = tf.math.add(sum, overTime.isNone() ? once : tf.math.mul(once, ofPlanes(weights)));
        }
        return sum;
    }

    /**
     * Convolves an image or some of its channels.
     *
     * @param x {@code (B, H, W, seen)}
     * @param kernels of every step, {@code (1, T, places, seen, C)}
     * @return {@code (B, T, C, H, W)}
     */
    private Operand<TFloat32> convolved(Operand<TFloat32> x, Operand<TFloat32> kernels) {
        int steps = length(kernels, TIME);
        Operand<TFloat32> joined = tf.reshape(
                tf.linalg.transpose(kernels, tf.constant(new int[] {0, 2, 3, 1, 4})),
                tf.constant(new int[] {side, side, length(kernels, IN), steps * map.channels()}));
        Operand<TFloat32> maps = Convolution.of(tf, scope.precision(), x, joined);
        return tf.reshape(
                tf.linalg.transpose(maps, tf.constant(new int[] {0, 3, 1, 2})),
                tf.constant(new int[] {-1, steps, map.channels(), map.height(), map.width()}));
    }

    /** Some of the image's channels. */
    private Operand<TFloat32> seen(Operand<TFloat32> columns) {
        Operand<TFloat32> pixels = tf.reshape(image, tf.constant(new int[] {-1, map.channels()}));
        return tf.reshape(
                MatrixProduct.of(tf, Precision.SINGLE, pixels, columns),
                tf.constant(new int[] {-1, map.height(), map.width(), length(columns, 1)}));
    }

    /** A part's kernel, {@code (1, 1, places, C, C)}. */
    private Operand<TFloat32> kernel(int part) {
        int channels = map.channels();
        long width = (long) parts * channels;
        ModuleScope layer = scope.in(name);
        Operand<TFloat32> all = side == 0
                ? layer.parameter("kernel", channels, width)
                : layer.parameter("kernel", side, side, channels, width);
        Operand<TFloat32> byPlace = tf.reshape(all, tf.constant(new int[] {1, 1, -1, channels, parts * channels}));
        return Slices.parts(tf, byPlace, 4, parts).get(part);
    }

    /** A part's bias, {@code (1, 1, C)}. */
    private Operand<TFloat32> bias(int part) {
        int width = parts * map.channels();
        return Slices.parts(tf, ofSteps(scope.in(name).parameter("bias", width), width), 2, parts)
                .get(part);
    }

    private Operand<TFloat32> ofSteps(Operand<TFloat32> vector, int width) {
        return tf.reshape(vector, tf.constant(new int[] {1, 1, width}));
    }

    /** The kernels of every step, {@code (1, T or 1, places, C, C)}: the rotation comes before them. */
    private Operand<TFloat32> rotated(Operand<TFloat32> kernel) {
        int channels = map.channels();
        Operand<TFloat32> rotations = tf.reshape(
                embedding.timeMatrices(positions, channels), tf.constant(new int[] {1, -1, 1, channels, channels}));
        return MatrixProduct.ofTransposed(tf, Precision.SINGLE, rotations, kernel);
    }

    /** {@code Σ_i w_i ⊙ x_(t−i)} of {@code (1, T or 1, …, C)}, without the bias. */
    private Operand<TFloat32> summed(Operand<TFloat32> x, ShortConvolution overTime) {
        return overTime.isNone()
                ? x
                : Layers.causalSum(
                        scope.in(overTime.name()),
                        repeated(x, map.steps()),
                        map.steps(),
                        overTime.size(),
                        map.channels());
    }

    private Operand<TFloat32> withBias(Operand<TFloat32> x, ShortConvolution overTime) {
        return overTime.isNone() ? x : tf.math.add(x, scope.in(overTime.name()).parameter("bias", map.channels()));
    }

    /** What is the same at every step, for each of them. */
    private Operand<TFloat32> repeated(Operand<TFloat32> x, int steps) {
        if (length(x, TIME) == steps) {
            return x;
        }
        int[] repeats = new int[x.rank()];
        Arrays.fill(repeats, 1);
        repeats[TIME] = steps;
        return tf.tile(x, tf.constant(repeats));
    }

    private Operand<TFloat32> atSteps(Operand<TFloat32> x, boolean lastStepOnly) {
        int steps = length(x, TIME);
        return lastStepOnly && steps > 1 ? Slices.along(tf, x, TIME, steps - 1, steps, 1) : x;
    }

    /** Kernels of one place with the bias as the weights of one more channel, {@code (T, C + 1, C)}. */
    private Operand<TFloat32> affine(Operand<TFloat32> kernels, Operand<TFloat32> bias) {
        int channels = map.channels();
        int steps = length(kernels, TIME);
        Operand<TFloat32> matrices = tf.reshape(kernels, tf.constant(new int[] {steps, channels, channels}));
        Operand<TFloat32> rows = tf.reshape(repeated(bias, steps), tf.constant(new int[] {steps, 1, channels}));
        return tf.concat(List.of(matrices, rows), tf.constant(1));
    }

    /** The image with a channel of ones. */
    private Operand<TFloat32> withOnes() {
        return tf.pad(image, tf.constant(new int[][] {{0, 0}, {0, 0}, {0, 0}, {0, 1}}), tf.constant(1f));
    }

    /** {@code (1, T, C)} to {@code (1, T, C, 1, 1)}. */
    private Operand<TFloat32> ofPlanes(Operand<TFloat32> ofChannels) {
        return tf.reshape(ofChannels, tf.constant(new int[] {1, -1, map.channels(), 1, 1}));
    }

    /** The matrix {@code (C, selected)} that picks channels. */
    private Operand<TFloat32> selection(boolean[] chosen) {
        float[][] matrix = new float[chosen.length][count(chosen)];
        int next = 0;
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                matrix[i][next++] = 1;
            }
        }
        return tf.constant(matrix);
    }

    private static int count(boolean[] chosen) {
        int count = 0;
        for (boolean one : chosen) {
            count += one ? 1 : 0;
        }
        return count;
    }

    private static boolean[] negated(boolean[] chosen) {
        boolean[] others = chosen.clone();
        for (int i = 0; i < others.length; i++) {
            others[i] = !others[i];
        }
        return others;
    }

    private static int length(Operand<TFloat32> x, int axis) {
        return Math.toIntExact(x.shape().get(axis));
    }
}
