package io.portolan.exporter;

import io.portolan.runtime.SelfTest;

/**
 * Samples to compare models on.
 *
 * @param name their name in reports
 * @param values samples one after the other, each row-major and normalised
 * @param count number of samples
 */
public record SampleSet(String name, float[] values, int count) {

    /** Samples from the standard normal distribution, which is close to that of normalised pixels. */
    public static SampleSet random(int count, int sampleSize, long seed) {
        float[] values = SelfTest.sample(seed, Math.multiplyExact(count, sampleSize));
        return new SampleSet("random (seed " + seed + ")", values, count);
    }
}
