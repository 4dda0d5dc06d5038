package io.portolan.graphs.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * The AdamW optimiser as ops of the graph. The values that depend only on the number of the update, the learning rate
 * and the bias corrections, are fed.
 */
final class AdamW {
    private final Ops tf;
    private final OptimizerConfig config;
    private final Map<String, GraphVariable> moments = new LinkedHashMap<>();
    private final Operand<TFloat32> learningRate;
    private final Operand<TFloat32> firstCorrection;
    private final Operand<TFloat32> secondCorrection;
    private final Operand<TBool> force;

    AdamW(Ops tf, OptimizerConfig config) {
        this.tf = tf;
        this.config = config;
        this.learningRate = tf.placeholder(TFloat32.class);
        this.firstCorrection = tf.placeholder(TFloat32.class);
        this.secondCorrection = tf.placeholder(TFloat32.class);
        this.force = tf.placeholder(TBool.class);
    }

    /**
     * An update of the parameters.
     *
     * @param norm the gradients' global norm before they are clipped
     * @param applied whether the update is applied: all gradients are finite, or it is forced
     * @param next the parameters after the update if it is applied, by path
     * @param assignments the ops that carry it out; if it is not applied, they keep all values
     */
    record Update(
            Operand<TFloat32> norm,
            Operand<TBool> applied,
            Map<String, Operand<TFloat32>> next,
            List<Op> assignments) {}

    Update update(Map<String, GraphVariable> parameters, Map<String, Operand<TFloat32>> gradients) {
        Operand<TFloat32> norm = globalNorm(gradients.values());
        // The norm is finite only if every gradient is. If squares overflow, it is infinite too, and skipping the
        // update is right.
        Operand<TBool> applied = tf.math.logicalOr(tf.math.isFinite(norm), force);
        Update update = new Update(norm, applied, new LinkedHashMap<>(), new ArrayList<>());
        parameters.forEach((path, parameter) -> add(update, path, parameter, clipped(gradients.get(path), norm)));
        return update;
    }

    private void add(Update update, String path, GraphVariable parameter, Operand<TFloat32> gradient) {
        GraphVariable first = moment("adam_m/" + path, parameter);
        GraphVariable second = moment("adam_v/" + path, parameter);
        Operand<TFloat32> m = moved(first.value(), gradient, config.beta1());
        Operand<TFloat32> v = moved(second.value(), tf.math.square(gradient), config.beta2());
        Operand<TFloat32> direction = tf.math.div(
                tf.math.div(m, firstCorrection),
                tf.math.add(tf.math.sqrt(tf.math.div(v, secondCorrection)), tf.constant((float) config.epsilon())));
        Operand<TFloat32> decayed =
                tf.math.add(direction, tf.math.mul(tf.constant((float) config.weightDecay()), parameter.value()));
        Operand<TFloat32> next = tf.math.sub(parameter.value(), tf.math.mul(learningRate, decayed));
        update.next.put(path, next);
        assign(update, parameter, next);
        assign(update, first, m);
        assign(update, second, v);
    }

    private void assign(Update update, GraphVariable variable, Operand<TFloat32> next) {
        update.assignments.add(variable.assign(tf.select(update.applied, next, variable.value())));
    }

    private GraphVariable moment(String path, GraphVariable parameter) {
        GraphVariable moment = new GraphVariable(tf, path, parameter.shape());
        moments.put(path, moment);
        return moment;
    }

    private Operand<TFloat32> globalNorm(Iterable<Operand<TFloat32>> gradients) {
        List<Operand<TFloat32>> squares = new ArrayList<>();
        for (Operand<TFloat32> gradient : gradients) {
            Operand<TFloat32> flat = tf.reshape(tf.math.square(gradient), tf.constant(new int[] {-1}));
            squares.add(tf.sum(flat, tf.constant(0)));
        }
        return tf.math.sqrt(tf.math.addN(squares));
    }

    private Operand<TFloat32> clipped(Operand<TFloat32> gradient, Operand<TFloat32> norm) {
        Operand<TFloat32> limit = tf.constant((float) config.clipNorm());
        return tf.select(tf.math.less(norm, limit), gradient, tf.math.mul(tf.math.div(gradient, norm), limit));
    }

    private Operand<TFloat32> moved(Operand<TFloat32> moment, Operand<TFloat32> value, double decay) {
        return tf.math.add(
                tf.math.mul(tf.constant((float) (1 - decay)), value), tf.math.mul(tf.constant((float) decay), moment));
    }

    /** Both moments of every parameter, by path. */
    Map<String, GraphVariable> moments() {
        return moments;
    }

    /** Feeds the values that an update needs; updates are counted from 0. */
    void feed(Feeds feeds, long update, boolean forced) {
        feeds.scalar(learningRate, (float) config.schedule().at(update));
        feeds.scalar(firstCorrection, (float) (1 - Math.pow(config.beta1(), update + 1)));
        feeds.scalar(secondCorrection, (float) (1 - Math.pow(config.beta2(), update + 1)));
        feeds.flag(force, forced);
    }
}
