package io.portolan.graphs.cells;

import io.portolan.graphs.config.PositionMode;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;

/**
 * Positions as sines and cosines of angles that fall geometrically over the pairs of channels {@code (2p, 2p+1)}
 * ({@code docs/model.md}, sections 2.3 and 2.4). Angles are float32 products and sums, as the reference's are.
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
        return switch (mode) {
            case SPATIOTEMPORAL -> rotate(x, map.height(), map.width(), this::spatiotemporalAngle);
            case TEMPORAL -> rotate(x, 1, 1, (t, h, w, p) -> t * frequencies[p]);
            case LEARNABLE, NONE -> x;
        };
    }

    /** Adds sine and cosine of the time step to {@code (B, T, C)}. */
    Operand<TFloat32> addTime(Operand<TFloat32> context) {
        float[] code = new float[map.steps() * map.channels()];
        for (int t = 0, i = 0; t < map.steps(); t++) {
            for (float frequency : frequencies) {
                code[i++] = (float) Math.sin(t * frequency);
                code[i++] = (float) Math.cos(t * frequency);
            }
        }
        return tf.math.add(context, table(Shape.of(map.steps(), map.channels()), code));
    }

    private interface Angle {
        float at(int t, int h, int w, int pair);
    }

    /**
     * Each axis has its own frequencies, but all three lists start at pair 0 and are added up, so that the low pairs
     * mix all axes and the upper half of the pairs is left alone. The reference does so; weights rely on it.
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

    private Operand<TFloat32> rotate(Operand<TFloat32> x, int height, int width, Angle angle) {
        int pairs = frequencies.length;
        Shape shape = Shape.of(map.steps(), height, width, pairs);
        float[] cosines = new float[Math.toIntExact(shape.size())];
        float[] sines = new float[cosines.length];
        int i = 0;
        for (int t = 0; t < map.steps(); t++) {
            for (int h = 0; h < height; h++) {
                for (int w = 0; w < width; w++) {
                    for (int p = 0; p < pairs; p++, i++) {
                        float theta = angle.at(t, h, w, p);
                        cosines[i] = (float) Math.cos(theta);
                        sines[i] = (float) Math.sin(theta);
                    }
                }
            }
        }
        Operand<TFloat32> cos = table(shape, cosines);
        Operand<TFloat32> sin = table(shape, sines);

        Operand<TFloat32> byPair = tf.reshape(
                x, tf.constant(new int[] {-1, map.steps(), map.height(), map.width(), pairs, 2}));
        List<Operand<TFloat32>> halves = List.copyOf(tf.unstack(byPair, 2L, Unstack.axis(-1L)).output());
        Operand<TFloat32> even = halves.get(0);
        Operand<TFloat32> odd = halves.get(1);
        Operand<TFloat32> rotated = tf.stack(
                List.of(
                        tf.math.sub(tf.math.mul(even, cos), tf.math.mul(odd, sin)),
                        tf.math.add(tf.math.mul(even, sin), tf.math.mul(odd, cos))),
                Stack.axis(-1L));
        return tf.reshape(
                rotated,
                tf.constant(new int[] {-1, map.steps(), map.height(), map.width(), map.channels()}));
    }

    private Operand<TFloat32> table(Shape shape, float[] values) {
        return tf.constant(shape, DataBuffers.of(values, true, false));
    }
}
