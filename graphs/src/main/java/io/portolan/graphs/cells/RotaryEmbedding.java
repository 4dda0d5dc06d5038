package io.portolan.graphs.cells;

import io.portolan.graphs.config.PositionMode;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;

/**
 * Rotary position embedding: sines and cosines of angles that decrease geometrically over the channel pairs {@code (2p,
 * 2p+1)} ({@code docs/model.md}, sections 2.3 and 2.4). Angles are float32 products and sums, as the reference's are.
 */
final class RotaryEmbedding {
    private static final double BASE = 10000;

    private final Ops tf;
    private final FeatureMap map;
    private final float[] frequencies;

    RotaryEmbedding(Ops tf, FeatureMap map) {
        this.tf = tf;
        this.map = map;
        this.frequencies = new float[map.channels() / 2];
        for (int p = 0; p < frequencies.length; p++) {
            frequencies[p] = 1f / (float) Math.pow(BASE, 2f * p / map.channels());
        }
    }

    /** Rotates every channel pair of {@code (B, T, H, W, C)} by its position's angle. */
    Operand<TFloat32> rotate(PositionMode mode, Operand<TFloat32> x) {
        if (!rotates(mode)) {
            return x;
        }
        return map.isOpen()
                ? rotateOpen(mode, x)
                : rotate(
                        mode,
                        x,
                        Math.toIntExact(x.shape().get(1)),
                        map.height(),
                        map.width(),
                        rotatesOverTime(mode)
                                ? map.steps()
                                : Math.toIntExact(x.shape().get(1)));
    }

    /**
     * Rotates {@code (B, H, W, C)} by the angles of step 0. An angle is a sum over axes, so the rotation for the time
     * step can be applied later.
     */
    Operand<TFloat32> rotateInSpace(PositionMode mode, Operand<TFloat32> x) {
        if (!rotates(mode)) {
            return x;
        }
        Operand<TFloat32> rotated = rotate(mode, x, 1, map.height(), map.width(), 1);
        return tf.reshape(rotated, tf.constant(new int[] {-1, map.height(), map.width(), map.channels()}));
    }

    /** Repeats a vector {@code (B, C)} over the steps, {@code (B, T, C)}, rotated by the angles of position (0, 0). */
    Operand<TFloat32> rotateOverTime(PositionMode mode, Operand<TFloat32> vector) {
        if (!rotatesOverTime(mode)) {
            return tf.tile(tf.expandDims(vector, tf.constant(1)), tf.constant(new int[] {1, map.steps(), 1}));
        }
        Operand<TFloat32> rotated = rotate(mode, vector, 1, 1, 1, map.steps());
        return tf.reshape(rotated, tf.constant(new int[] {-1, map.steps(), map.channels()}));
    }

    /**
     * The rotations of every step as matrices {@code (T, size, size)}; a single identity matrix if the mode does not
     * rotate.
     *
     * @param size C or more; channels beyond C are not rotated
     */
    Operand<TFloat32> timeMatrices(PositionMode mode, int size) {
        int steps = rotatesOverTime(mode) ? map.steps() : 1;
        float[] matrices = new float[steps * size * size];
        for (int t = 0; t < steps; t++) {
            for (int i = 0; i < size; i++) {
                matrices[(t * size + i) * size + i] = 1f;
            }
            for (int p = 0; p < frequencies.length; p++) {
                float theta = angle(mode, t, 0, 0, p);
                int diagonal = (t * size + 2 * p) * size + 2 * p;
                matrices[diagonal] = (float) Math.cos(theta);
                matrices[diagonal + 1] = (float) -Math.sin(theta);
                matrices[diagonal + size] = (float) Math.sin(theta);
                matrices[diagonal + size + 1] = (float) Math.cos(theta);
            }
        }
        return table(Shape.of(steps, size, size), matrices);
    }

    /** Which channels a rotation over time turns. */
    boolean[] turningChannels(PositionMode mode) {
        boolean[] turning = new boolean[map.channels()];
        for (int p = 0; p < frequencies.length && rotatesOverTime(mode); p++) {
            turning[2 * p] = angle(mode, 1, 0, 0, p) != 0;
            turning[2 * p + 1] = turning[2 * p];
        }
        return turning;
    }

    private static boolean rotates(PositionMode mode) {
        return mode == PositionMode.SPATIOTEMPORAL
                || mode == PositionMode.TEMPORAL
                || mode == PositionMode.MROPE
                || mode == PositionMode.SPATIAL_ONLY;
    }

    private static boolean rotatesOverTime(PositionMode mode) {
        return rotates(mode) && mode != PositionMode.SPATIAL_ONLY;
    }

    private float angle(PositionMode mode, int t, int h, int w, int pair) {
        return switch (mode) {
            case SPATIOTEMPORAL -> spatiotemporalAngle(t, h, w, pair);
            case TEMPORAL -> t * frequencies[pair];
            case MROPE -> axisAngle(t, h, w, pair);
            case SPATIAL_ONLY -> spatialAngle(h, w, pair);
            case LEARNABLE, NONE, SINUSOIDAL, SEPARATE -> 0f;
        };
    }

    /** Time, row and column take the pairs in turn, each with frequencies of its own; the rest are columns' too. */
    private float axisAngle(int t, int h, int w, int pair) {
        int perAxis = frequencies.length / 3;
        if (pair >= 3 * perAxis) {
            return w * frequencies[pair];
        }
        int axis = pair % 3;
        int position = axis == 0 ? t : axis == 1 ? h : w;
        return position * frequencies[axis * perAxis + pair / 3];
    }

    /** Rows and columns take the frequencies in turn and add up; the upper half of the pairs is not rotated. */
    private float spatialAngle(int h, int w, int pair) {
        int pairs = frequencies.length;
        float angle = pair < (pairs + 1) / 2 ? h * frequencies[2 * pair] : 0f;
        return pair < pairs / 2 ? angle + w * frequencies[2 * pair + 1] : angle;
    }

    /** Adds sine and cosine of the time step to {@code (B, T, C)}, or to {@code (B, 1, C)} for all steps. */
    Operand<TFloat32> addTime(Operand<TFloat32> context) {
        return tf.math.add(context, code(context));
    }

    /** Sine and cosine of the time step, {@code (1, T, 1, 1, C)}. */
    Operand<TFloat32> timeCode(Operand<TFloat32> x) {
        int steps = map.isOpen() ? -1 : map.steps();
        return tf.reshape(code(x), tf.constant(new int[] {1, steps, 1, 1, map.channels()}));
    }

    /** Sine and cosine of the time step, {@code (T, C)}, of as many steps as a tensor (B, T, …) has if they are open. */
    private Operand<TFloat32> code(Operand<TFloat32> x) {
        if (map.isOpen()) {
            Operand<TFloat32> angles = tf.math.mul(
                    tf.reshape(times(x), tf.constant(new int[] {-1, 1})),
                    table(Shape.of(frequencies.length), frequencies));
            Operand<TFloat32> code = tf.stack(List.of(tf.math.sin(angles), tf.math.cos(angles)), Stack.axis(-1L));
            return tf.reshape(code, tf.constant(new int[] {-1, map.channels()}));
        }
        float[] code = new float[map.steps() * map.channels()];
        for (int t = 0, i = 0; t < map.steps(); t++) {
            for (float frequency : frequencies) {
                code[i++] = (float) Math.sin(t * frequency);
                code[i++] = (float) Math.cos(t * frequency);
            }
        }
        return table(Shape.of(map.steps(), map.channels()), code);
    }

    /** The step numbers 0, 1, … T-1 of a tensor (B, T, …). */
    private Operand<TFloat32> times(Operand<TFloat32> x) {
        return tf.dtypes.cast(tf.range(tf.constant(0), map.stepsOf(tf, x), tf.constant(1)), TFloat32.class);
    }

    /**
     * Each axis has its own frequencies, but all three lists start at pair 0 and are added up, so the low pairs mix all
     * axes and the upper half of the pairs is not rotated. The reference does the same, and trained weights depend on
     * it.
     */
    private float spatiotemporalAngle(int t, int h, int w, int pair) {
        int pairs = frequencies.length;
        int forTime = pairs / 3;
        int forHeight = (pairs - forTime + 1) / 2;
        int forWidth = (pairs - forTime) / 2;
        float angle = pair < forTime ? t * frequencies[pair] : 0f;
        if (pair < forHeight) {
            angle += h * frequencies[forTime + 2 * pair];
        }
        if (pair < forWidth) {
            angle += w * frequencies[forTime + 2 * pair + 1];
        }
        return angle;
    }

    /**
     * @param x a tensor of that many steps, rows and columns, in any shape
     * @param steps T of the result; x is repeated if it has fewer
     */
    private Operand<TFloat32> rotate(
            PositionMode mode, Operand<TFloat32> x, int stepsOfX, int height, int width, int steps) {
        int pairs = frequencies.length;
        Shape shape = Shape.of(steps, height, width, pairs);
        float[] cosines = new float[Math.toIntExact(shape.size())];
        float[] sines = new float[cosines.length];
        int i = 0;
        for (int t = 0; t < steps; t++) {
            for (int h = 0; h < height; h++) {
                for (int w = 0; w < width; w++) {
                    for (int p = 0; p < pairs; p++, i++) {
                        float theta = angle(mode, t, h, w, p);
                        cosines[i] = (float) Math.cos(theta);
                        sines[i] = (float) Math.sin(theta);
                    }
                }
            }
        }
        Operand<TFloat32> byPair = tf.reshape(x, tf.constant(new int[] {-1, stepsOfX, height, width, pairs, 2}));
        Operand<TFloat32> rotated = rotated(byPair, table(shape, cosines), table(shape, sines));
        return tf.reshape(rotated, tf.constant(new int[] {-1, steps, height, width, map.channels()}));
    }

    /**
     * Like {@link #rotate} for an open number of steps: computes the same angles, summed in the same order, when the
     * graph runs.
     */
    private Operand<TFloat32> rotateOpen(PositionMode mode, Operand<TFloat32> x) {
        int pairs = frequencies.length;
        float[] perStep = new float[pairs];
        float[] ofRows = new float[map.height() * pairs];
        float[] ofColumns = new float[map.width() * pairs];
        for (int p = 0; p < pairs; p++) {
            perStep[p] = angle(mode, 1, 0, 0, p);
            for (int h = 0; h < map.height(); h++) {
                ofRows[h * pairs + p] = angle(mode, 0, h, 0, p);
            }
            for (int w = 0; w < map.width(); w++) {
                ofColumns[w * pairs + p] = angle(mode, 0, 0, w, p);
            }
        }
        Operand<TFloat32> ofSteps = tf.math.mul(
                tf.reshape(times(x), tf.constant(new int[] {-1, 1, 1, 1})), table(Shape.of(pairs), perStep));
        Operand<TFloat32> angles = tf.math.add(
                tf.math.add(ofSteps, table(Shape.of(map.height(), 1, pairs), ofRows)),
                table(Shape.of(map.width(), pairs), ofColumns));
        Operand<TFloat32> byPair = tf.reshape(x, map.perStep(tf, x, map.height(), map.width(), pairs, 2));
        Operand<TFloat32> rotated = rotated(byPair, tf.math.cos(angles), tf.math.sin(angles));
        return tf.reshape(rotated, map.perStep(tf, x, map.height(), map.width(), map.channels()));
    }

    private Operand<TFloat32> rotated(Operand<TFloat32> byPair, Operand<TFloat32> cos, Operand<TFloat32> sin) {
        List<Output<TFloat32>> halves =
                tf.unstack(byPair, 2L, Unstack.axis(-1L)).output();
        Operand<TFloat32> even = halves.get(0);
        Operand<TFloat32> odd = halves.get(1);
        return tf.stack(
                List.of(
                        tf.math.sub(tf.math.mul(even, cos), tf.math.mul(odd, sin)),
                        tf.math.add(tf.math.mul(even, sin), tf.math.mul(odd, cos))),
                Stack.axis(-1L));
    }

    private Operand<TFloat32> table(Shape shape, float[] values) {
        return tf.constant(shape, DataBuffers.of(values, true, false));
    }
}
