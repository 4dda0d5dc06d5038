package io.portolan.exporter;

import java.util.Random;

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
        Random random = new Random(seed);
        float[] values = new float[Math.multiplyExact(count, sampleSize)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new SampleSet("random (seed " + seed + ")", values, count);
    }
}
