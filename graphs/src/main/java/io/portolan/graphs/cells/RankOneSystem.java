package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import io.portolan.graphs.ops.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TFloat32;

/**
 * The delta rule at every frequency, for heads of d channels: a matrix of states S forgets along the key before it learns
 * the value for it, and is asked by the query ({@code docs/model.md}, section 2.11). For row a, that of the value's
 * component a, and component i of the key:
 *
 * <pre>
 *     S_ai ← α·K̂·(S_ai − β·k_i·Σ_l k̄_l S_al) + β·v_a·k̄_i        o_a = Σ_i S_ai q_i
 * </pre>
 *
 * with k̄ the conjugate of k. Spectra are {@code (B, T, heads, d, H, F)}.
 *
 * @param kernel K̂, {@code (heads, H, F)}
 * @param decay α, {@code (B, T, heads or 1, H or 1, F or 1)}
 * @param rate β, likewise
 * @param query q; of fewer steps than the key, the last ones
 * @param key k
 * @param value v
 */
record RankOneSystem(
        ComplexTensor kernel,
        Operand<TFloat32> decay,
        Operand<TFloat32> rate,
        ComplexTensor query,
        ComplexTensor key,
        ComplexTensor value) {
    private static final int COMPONENTS = 3;
    /** The axis of components within a step. */
    private static final int OF_STEP = 2;

    private int size() {
        return Math.toIntExact(key.real().shape().get(COMPONENTS));
    }

    /** o of every step; as the reference computes it, with matrices in log space. */
    ComplexTensor inLogSpace(Ops tf, int steps) {
        int d = size();
        List<ComplexTensor> q = components(tf, query);
        List<ComplexTensor> k = components(tf, key);
        List<ComplexTensor> v = components(tf, value);
        List<ComplexTensor> conjugate = k.stream().map(ComplexTensor::conjugate).toList();
        ComplexTensor scaled = kernel.times(decay);
        List<ComplexTensor> transition = new ArrayList<>();
        List<ComplexTensor> input = new ArrayList<>();
        for (int i = 0; i < d; i++) {
            for (int l = 0; l < d; l++) {
                ComplexTensor forgotten = k.get(i).times(conjugate.get(l)).times(tf.math.neg(rate));
                transition.add(scaled.times(i == l ? forgotten.plusReal(tf.constant(1f)) : forgotten));
            }
            for (int a = 0; a < d; a++) {
                input.add(v.get(a).times(conjugate.get(i)).times(rate));
            }
        }
        Operand<TFloat32> zeros = tf.zerosLike(v.get(0).real());
        List<ComplexTensor> states = new LogSpaceSolver(tf, steps).states(transition, input, d, d, zeros);
        List<ComplexTensor> outputs = new ArrayList<>();
        for (int a = 0; a < d; a++) {
            ComplexTensor sum = states.get(a).times(q.get(0));
            for (int i = 1; i < d; i++) {
                sum = sum.plus(states.get(i * d + a).times(q.get(i)));
            }
            outputs.add(sum);
        }
        return ComplexTensor.stack(tf, outputs, COMPONENTS);
    }

    private static List<ComplexTensor> components(Ops tf, ComplexTensor spectrum) {
        List<Operand<TFloat32>> real = components(tf, spectrum.real());
        List<Operand<TFloat32>> imaginary = components(tf, spectrum.imaginary());
        return IntStream.range(0, real.size())
                .mapToObj(i -> new ComplexTensor(tf, real.get(i), imaginary.get(i)))
                .toList();
    }

    private static List<Operand<TFloat32>> components(Ops tf, Operand<TFloat32> part) {
        return Slices.parts(tf, part, COMPONENTS, Math.toIntExact(part.shape().get(COMPONENTS))).stream()
                .<Operand<TFloat32>>map(component -> tf.squeeze(component, Squeeze.axis(List.of((long) COMPONENTS))))
                .toList();
    }

    /** o of every step, from the states after it. */
    ComplexTensor outputs(Ops tf, List<List<ComplexTensor>> states) {
        TimeSlices at = new TimeSlices(tf);
        List<ComplexTensor> outputs = new ArrayList<>();
        for (int t = 0; t < states.size(); t++) {
            outputs.add(product(states.get(t), ofHead(tf, at.step(query, t))));
        }
        return ComplexTensor.stack(tf, outputs, 1);
    }

    /** The states after every step, without the matrices of log space: by step the columns S_·i, {@code (B, heads, d, H, F)}. */
    List<List<ComplexTensor>> states(Ops tf, int steps) {
        TimeSlices at = new TimeSlices(tf);
        List<List<ComplexTensor>> states = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            Factors factors = factors(tf, at, t);
            states.add(t == 0 ? factors.learned() : next(factors, states.get(t - 1)));
        }
        return states;
    }

    private static List<ComplexTensor> next(Factors factors, List<ComplexTensor> columns) {
        ComplexTensor along = factors.along(columns);
        List<ComplexTensor> learned = factors.learned();
        return IntStream.range(0, columns.size())
                .mapToObj(i -> columns.get(i)
                        .minus(along.times(factors.key.get(i)))
                        .times(factors.scaled)
                        .plus(learned.get(i)))
                .toList();
    }

    /**
     * What a step adds up to each column S_·i, {@code (B, heads, d, H, F)}.
     *
     * @param kept {@code α·K̂·S_·i}
     * @param forgotten {@code −α·K̂·β·k_i·Σ_l k̄_l S_·l}
     * @param learned {@code β·v·k̄_i}
     */
    record Terms(List<ComplexTensor> kept, List<ComplexTensor> forgotten, List<ComplexTensor> learned) {}

    /** The terms of a step whose states before were these columns. */
    Terms terms(Ops tf, TimeSlices at, int t, List<ComplexTensor> columns) {
        Factors factors = factors(tf, at, t);
        ComplexTensor along = factors.along(columns);
        return new Terms(
                columns.stream().map(column -> column.times(factors.scaled)).toList(),
                factors.key.stream()
                        .map(k -> along.times(k).times(factors.scaled).negate())
                        .toList(),
                factors.learned());
    }

    /**
     * The factors of a step.
     *
     * @param key k by component
     * @param rate β
     * @param value {@code β·v}
     * @param scaled {@code α·K̂}
     */
    private record Factors(List<ComplexTensor> key, Operand<TFloat32> rate, ComplexTensor value, ComplexTensor scaled) {
        /** {@code β·Σ_l k̄_l S_·l}. */
        ComplexTensor along(List<ComplexTensor> columns) {
            return productOfConjugate(columns, key).times(rate);
        }

        List<ComplexTensor> learned() {
            return key.stream().map(k -> value.times(k.conjugate())).toList();
        }
    }

    private Factors factors(Ops tf, TimeSlices at, int t) {
        Operand<TFloat32> beta = tf.expandDims(at.step(rate, t), tf.constant(OF_STEP));
        return new Factors(
                ofHead(tf, at.step(key, t)),
                beta,
                at.step(value, t).times(beta),
                kernel.times(at.step(decay, t)).map(part -> tf.expandDims(part, tf.constant(OF_STEP))));
    }

    /**
     * o of the last step. It is linear in the states, so the query can be carried back through the steps instead of the
     * states forth: d numbers for each head instead of d·d.
     *
     * <pre>
     *     o_a = Σ_t β_t·v_ta·Σ_i k̄_ti r_ti      r_T = q      r_(t−1),i = α_t·K̂·(r_ti − β_t·k̄_ti·Σ_l k_tl r_tl)
     * </pre>
     *
     * @return o, {@code (B, 1, heads, d, H, F)}
     */
    ComplexTensor lastStep(Ops tf, int steps) {
        TimeSlices at = new TimeSlices(tf);
        Operand<TFloat32> beta = tf.expandDims(rate, tf.constant(COMPONENTS));
        ComplexTensor scaled = kernel.times(decay).map(part -> tf.expandDims(part, tf.constant(COMPONENTS)));
        ComplexTensor learned = value.times(beta);
        ComplexTensor forgotten = key.conjugate().times(beta);
        ComplexTensor r = at.step(query, steps - 1);
        ComplexTensor sum = null;
        for (int t = steps - 1; t >= 0; t--) {
            Products products = new Products(tf, at.step(key, t), r);
            ComplexTensor seen = at.step(learned, t).times(products.ofConjugate());
            sum = sum == null ? seen : sum.plus(seen);
            if (t > 0) {
                r = r.minus(at.step(forgotten, t).times(products.plain())).times(at.step(scaled, t));
            }
        }
        return sum.map(part -> tf.expandDims(part, tf.constant(1)));
    }

    /** The sums {@code Σ_i k_i r_i} and {@code Σ_i k̄_i r_i} over the components of a head, which differ by signs. */
    private static final class Products {
        private final Ops tf;
        private final Operand<TFloat32> real;
        private final Operand<TFloat32> imaginary;
        private final Operand<TFloat32> realByImaginary;
        private final Operand<TFloat32> imaginaryByReal;

        Products(Ops tf, ComplexTensor k, ComplexTensor r) {
            this.tf = tf;
            this.real = sum(tf.math.mul(k.real(), r.real()));
            this.imaginary = sum(tf.math.mul(k.imaginary(), r.imaginary()));
            this.realByImaginary = sum(tf.math.mul(k.real(), r.imaginary()));
            this.imaginaryByReal = sum(tf.math.mul(k.imaginary(), r.real()));
        }

        ComplexTensor plain() {
            return new ComplexTensor(tf, tf.math.sub(real, imaginary), tf.math.add(realByImaginary, imaginaryByReal));
        }

        ComplexTensor ofConjugate() {
            return new ComplexTensor(tf, tf.math.add(real, imaginary), tf.math.sub(realByImaginary, imaginaryByReal));
        }

        private Operand<TFloat32> sum(Operand<TFloat32> x) {
            return tf.sum(x, tf.constant(OF_STEP), Sum.keepDims(true));
        }
    }

    /** The components of a step, {@code (B, heads, 1, H, F)} each. */
    private static List<ComplexTensor> ofHead(Ops tf, ComplexTensor x) {
        int d = Math.toIntExact(x.real().shape().get(OF_STEP));
        List<Operand<TFloat32>> real = Slices.parts(tf, x.real(), OF_STEP, d);
        List<Operand<TFloat32>> imaginary = Slices.parts(tf, x.imaginary(), OF_STEP, d);
        return IntStream.range(0, d)
                .mapToObj(i -> new ComplexTensor(tf, real.get(i), imaginary.get(i)))
                .toList();
    }

    private static ComplexTensor product(List<ComplexTensor> columns, List<ComplexTensor> q) {
        return IntStream.range(0, q.size())
                .mapToObj(i -> columns.get(i).times(q.get(i)))
                .reduce(ComplexTensor::plus)
                .orElseThrow();
    }

    private static ComplexTensor productOfConjugate(List<ComplexTensor> columns, List<ComplexTensor> k) {
        return product(columns, k.stream().map(ComplexTensor::conjugate).toList());
    }
}
