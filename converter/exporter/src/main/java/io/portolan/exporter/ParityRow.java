package io.portolan.exporter;

/**
 * The agreement of two models on a set of samples.
 *
 * @param form the form of the model that was compared with the reference
 * @param inputs the name of the sample set
 * @param samples number of samples
 * @param maxAbsolute the largest difference of two logits; infinite if one is NaN
 * @param maxRelative the largest difference, divided by the largest logit of its sample
 * @param noise the change of TensorFlow's logits when each input element changes by at most its last bit: no two
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
