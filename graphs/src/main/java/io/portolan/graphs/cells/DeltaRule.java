package io.portolan.graphs.cells;

import io.portolan.graphs.ops.MatrixProduct;
import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * The gated delta rule over long sequences, {@code S ← α·(S − β·(S k)kᵀ) + β·v kᵀ, o = S q}, with matrices S (d, d) for each head.
 * Each chunk is run on S, from zero, and below it on P, from the unit matrix and without input: the same rule, as it acts on
 * each row alike. A chunk makes S₀ P + S of a state S₀, and its outputs are {@code S q + S₀ (P q)}.
 *
 * @param chunks of the sequence
 * @param size d
 */
record DeltaRule(Ops tf, Chunks chunks, int heads, int size) {
    private static final float EPSILON = 1e-6f;
    private static final int ROWS = 3;
    private static final int STEPS = 4;
    private static final int RANK = 5;

    /**
     * @param q {@code (N, L, C)}, component i of head j at {@code j·d + i}, as are k and v
     * @param k of any length but zero
     * @param alpha {@code (N, heads)}, as is beta
     * @return o, {@code (N, L, C)}
     */
    Operand<TFloat32> outputs(
            Operand<TFloat32> q,
            Operand<TFloat32> k,
            Operand<TFloat32> v,
            Operand<TFloat32> alpha,
            Operand<TFloat32> beta) {
        Operand<TFloat32> decay = ofHead(alpha);
        Operand<TFloat32> rate = ofHead(beta);
        Operand<TFloat32> forgetting = tf.math.neg(tf.math.mul(decay, rate));
        Operand<TFloat32> queries = columns(q);
        Operand<TFloat32> keys = normalised(columns(k));
        List<Operand<TFloat32>> query = Slices.parts(tf, queries, STEPS, chunks.size());
        List<Operand<TFloat32>> key = Slices.parts(tf, keys, STEPS, chunks.size());
        List<Operand<TFloat32>> row = Slices.parts(
                tf, tf.linalg.transpose(keys, tf.constant(new int[] {0, 1, 2, 4, 3})), ROWS, chunks.size());
        List<Operand<TFloat32>> value =
                Slices.parts(tf, withZerosBelow(tf.math.mul(rate, columns(v))), STEPS, chunks.size());

        Operand<TFloat32> state = tf.constant(zerosAndUnitMatrix());
        List<Operand<TFloat32>> outputs = new ArrayList<>();
        for (int t = 0; t < chunks.size(); t++) {
            Operand<TFloat32> learned = tf.math.add(value.get(t), tf.math.mul(forgetting, product(state, key.get(t))));
            state = tf.math.add(tf.math.mul(decay, state), tf.math.mul(learned, row.get(t)));
            outputs.add(product(state, query.get(t)));
        }
        List<Operand<TFloat32>> end = Slices.parts(tf, state, ROWS, 2);
        Operand<TFloat32> start = chunks.before(
                        new AffineMap(end.get(1), end.get(0)),
                        RANK,
                        (earlier, later) -> earlier.then(later, this::product, tf.math::add))
                .shift();
        List<Operand<TFloat32>> parts = Slices.parts(tf, tf.concat(outputs, tf.constant(STEPS)), ROWS, 2);
        Operand<TFloat32> o = tf.math.add(parts.get(0), product(start, parts.get(1)));
        int[] byStep = {-1, chunks.count(), chunks.size(), heads * size};
        return chunks.joined(tf.reshape(
                tf.linalg.transpose(o, tf.constant(new int[] {0, 1, 4, 2, 3})), tf.constant(byStep)));
    }

    /** {@code (N, 1, heads, 1, 1)}. */
    private Operand<TFloat32> ofHead(Operand<TFloat32> x) {
        return tf.reshape(x, tf.constant(new int[] {-1, 1, heads, 1, 1}));
    }

    /** {@code (N, L, C)} to {@code (N, K, heads, d, Q)}. */
    private Operand<TFloat32> columns(Operand<TFloat32> x) {
        int[] byHead = {-1, chunks.count(), chunks.size(), heads, size};
        return tf.linalg.transpose(
                tf.reshape(chunks.cut(x), tf.constant(byHead)), tf.constant(new int[] {0, 1, 3, 4, 2}));
    }

    private Operand<TFloat32> normalised(Operand<TFloat32> columns) {
        Operand<TFloat32> squares = tf.sum(tf.math.square(columns), tf.constant(ROWS), Sum.keepDims(true));
        return tf.math.mul(columns, tf.math.rsqrt(tf.math.add(squares, tf.constant(EPSILON))));
    }

    private Operand<TFloat32> withZerosBelow(Operand<TFloat32> columns) {
        int[][] zeros = new int[RANK][2];
        zeros[ROWS][1] = size;
        return tf.pad(columns, tf.constant(zeros), tf.constant(0f));
    }

    private float[][] zerosAndUnitMatrix() {
        float[][] rows = new float[2 * size][size];
        for (int i = 0; i < size; i++) {
            rows[size + i][i] = 1;
        }
        return rows;
    }

    private Operand<TFloat32> product(Operand<TFloat32> a, Operand<TFloat32> b) {
        return MatrixProduct.of(tf, Precision.SINGLE, a, b);
    }
}
