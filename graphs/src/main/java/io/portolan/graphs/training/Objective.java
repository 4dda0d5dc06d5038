package io.portolan.graphs.training;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * The loss that training minimises, and the accuracy that it reports.
 *
 * @param loss mean softmax cross-entropy of the batch
 * @param accuracy share of samples whose largest logit is that of the label; of equal logits the first is taken
 */
record Objective(Operand<TFloat32> loss, Operand<TFloat32> accuracy) {

    /**
     * @param logits (B, classes)
     * @param labels (B)
     */
    static Objective of(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels, int classes, double smoothing) {
        Operand<TFloat32> target = tf.oneHot(
                labels,
                tf.constant(classes),
                tf.constant((float) (1 - smoothing + smoothing / classes)),
                tf.constant((float) (smoothing / classes)));
        Operand<TFloat32> crossEntropy =
                tf.math.neg(tf.sum(tf.math.mul(target, tf.nn.logSoftmax(logits)), tf.constant(1)));
        Operand<TInt64> predicted = tf.math.argMax(logits, tf.constant(1));
        Operand<TFloat32> right =
                tf.dtypes.cast(tf.math.equal(predicted, tf.dtypes.cast(labels, TInt64.class)), TFloat32.class);
        return new Objective(tf.math.mean(crossEntropy, tf.constant(0)), tf.math.mean(right, tf.constant(0)));
    }
}
