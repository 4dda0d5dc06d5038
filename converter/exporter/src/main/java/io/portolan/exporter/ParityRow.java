package io.portolan.exporter;

/**
 * How well two models agree on a set of samples.
 *
 * @param form which form of the model was held to the reference
 * @param inputs what the samples are
 * @param samples number of samples
 * @param maxAbsolute the largest difference of two logits; infinite if one is not a number
 * @param maxRelative the largest difference, over the largest logit of its sample
 * @param noise how far TensorFlow's own logits move when each number of the input moves by at most its last bit: no two
 *     float32 programs can be expected to agree better than a few times this
 * @param sameVerdict samples on which both models have the same largest logit
 * @param tolerance the largest {@code maxAbsolute} that passes
 */
public record ParityRow(
        String form,
        String inputs,
        int samples,
        double maxAbsolute,
        double maxRelative,
        double noise,
        int sameVerdict,
        double tolerance) {

    public boolean passed() {
        return maxAbsolute <= tolerance && sameVerdict == samples;
    }
}
