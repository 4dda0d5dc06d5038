package io.portolan.exporter;

import io.portolan.runtime.SelfTest;

/**
 * Inputs to compare models on.
 *
 * @param name what the report calls them
 * @param values samples one after the other, each row-major and normalised
 * @param count number of samples
 */
public record SampleSet(String name, float[] values, int count) {

    /** Numbers from the standard normal distribution, which is about what normalised pixels are spread like. */
    public static SampleSet random(int count, int sampleSize, long seed) {
        float[] values = SelfTest.sample(seed, Math.multiplyExact(count, sampleSize));
        return new SampleSet("random (seed " + seed + ")", values, count);
    }
}
