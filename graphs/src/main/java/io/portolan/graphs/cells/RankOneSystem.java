package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
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
 * with k̄ the conjugate of k. Spectra are lists of the d components, each {@code (B, T, heads, H, F)}.
 *
 * @param kernel K̂, {@code (heads, H, F)}
 * @param decay α, {@code (B, T, heads or 1, H or 1, F or 1)}
 * @param rate β, likewise
 * @param query q
 * @param key k
 * @param value v
 */
record RankOneSystem(
        ComplexTensor kernel,
        Operand<TFloat32> decay,
        Operand<TFloat32> rate,
        List<ComplexTensor> query,
        List<ComplexTensor> key,
        List<ComplexTensor> value) {

    private int size() {
        return key.size();
    }

    /** o of every step, for each component; as the reference computes it, with matrices in log space. */
    List<ComplexTensor> inLogSpace(Ops tf, int steps) {
        int d = size();
        List<ComplexTensor> conjugate =
                key.stream().map(ComplexTensor::conjugate).toList();
        ComplexTensor scaled = kernel.times(decay);
        List<ComplexTensor> transition = new ArrayList<>();
        List<ComplexTensor> input = new ArrayList<>();
        for (int i = 0; i < d; i++) {
            for (int l = 0; l < d; l++) {
                ComplexTensor forgotten = key.get(i).times(conjugate.get(l)).times(tf.math.neg(rate));
                transition.add(scaled.times(i == l ? forgotten.plusReal(tf.constant(1f)) : forgotten));
            }
            for (int a = 0; a < d; a++) {
                input.add(value.get(a).times(conjugate.get(i)).times(rate));
            }
        }
        Operand<TFloat32> zeros = tf.zerosLike(value.get(0).real());
        List<ComplexTensor> states = new LogSpaceSolver(tf, steps).states(transition, input, d, d, zeros);
        List<ComplexTensor> outputs = new ArrayList<>();
        for (int a = 0; a < d; a++) {
            ComplexTensor sum = states.get(a).times(query.get(0));
            for (int i = 1; i < d; i++) {
                sum = sum.plus(states.get(i * d + a).times(query.get(i)));
            }
            outputs.add(sum);
        }
        return outputs;
    }

    /** o of the last step, or of every step, for each component: step by step, without the matrices. */
    List<ComplexTensor> stepByStep(Ops tf, int steps, boolean lastStepOnly) {
        TimeSlices at = new TimeSlices(tf);
        List<List<ComplexTensor>> outputs = new ArrayList<>();
        List<List<ComplexTensor>> rows = List.of();
        for (int t = 0; t < steps; t++) {
            int step = t;
            List<ComplexTensor> k = key.stream().map(x -> at.step(x, step)).toList();
            List<ComplexTensor> v = value.stream().map(x -> at.step(x, step)).toList();
            Operand<TFloat32> beta = at.step(rate, t);
            rows = next(rows, kernel.times(at.step(decay, t)), beta, k, v);
            if (!lastStepOnly || t == steps - 1) {
                List<ComplexTensor> q =
                        query.stream().map(x -> at.step(x, step)).toList();
                outputs.add(rows.stream().map(row -> product(row, q)).toList());
            }
        }
        List<ComplexTensor> byComponent = new ArrayList<>();
        for (int a = 0; a < size(); a++) {
            int component = a;
            byComponent.add(ComplexTensor.stack(
                    tf, outputs.stream().map(o -> o.get(component)).toList(), 1));
        }
        return byComponent;
    }

    private static List<List<ComplexTensor>> next(
            List<List<ComplexTensor>> rows,
            ComplexTensor scaled,
            Operand<TFloat32> beta,
            List<ComplexTensor> k,
            List<ComplexTensor> v) {
        List<List<ComplexTensor>> next = new ArrayList<>();
        List<ComplexTensor> learned =
                k.stream().map(component -> component.conjugate().times(beta)).toList();
        for (int a = 0; a < v.size(); a++) {
            List<ComplexTensor> row = new ArrayList<>();
            ComplexTensor along =
                    rows.isEmpty() ? null : productOfConjugate(rows.get(a), k).times(beta);
            for (int i = 0; i < k.size(); i++) {
                ComplexTensor added = v.get(a).times(learned.get(i));
                row.add(
                        rows.isEmpty()
                                ? added
                                : rows.get(a)
                                        .get(i)
                                        .minus(k.get(i).times(along))
                                        .times(scaled)
                                        .plus(added));
            }
            next.add(row);
        }
        return next;
    }

    private static ComplexTensor product(List<ComplexTensor> row, List<ComplexTensor> q) {
        ComplexTensor sum = row.get(0).times(q.get(0));
        for (int i = 1; i < q.size(); i++) {
            sum = sum.plus(row.get(i).times(q.get(i)));
        }
        return sum;
    }

    private static ComplexTensor productOfConjugate(List<ComplexTensor> row, List<ComplexTensor> k) {
        return product(row, k.stream().map(ComplexTensor::conjugate).toList());
    }
}
