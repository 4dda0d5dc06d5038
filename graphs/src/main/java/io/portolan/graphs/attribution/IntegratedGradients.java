package io.portolan.graphs.attribution;

/**
 * Integrated gradients (Sundararajan, Taly and Yan, 2017): how much each number of an input adds to a class's logit, on the straight
 * way from a baseline to the input.
 *
 * @param values {@code (mean gradient along the way)·(input − baseline)}, in the input's shape; not copied
 * @param gained the logit of the input less that of the baseline, which the values would add up to if points were many
 */
public record IntegratedGradients(float[] values, double gained) {

    /**
     * How to integrate.
     *
     * @param points places on the way, evenly spaced, both ends among them; the reference takes 50
     */
    public record Path(int points, Baseline baseline) {
        /** The reference's. */
        public static final Path REFERENCE = new Path(50, Baseline.ZERO);

        /** @throws IllegalArgumentException if there are less than two points */
        public Path {
            if (points < 2) {
                throw new IllegalArgumentException("a way has two ends: expected two or more points, not " + points);
            }
        }

        /** The samples on the way to an input, from that number on. */
        float[] samples(float[] input, int from, int count) {
            float[] samples = new float[input.length * count];
            for (int k = 0; k < count; k++) {
                float share = (float) (from + k) / (points - 1);
                for (int i = 0; i < input.length; i++) {
                    float start = baseline.at(i);
                    samples[k * input.length + i] = start + share * (input[i] - start);
                }
            }
            return samples;
        }
    }

    /** The sum of all values. */
    public double total() {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    /** How far the values are from adding up to what was gained. */
    public double completenessError() {
        return Math.abs(total() - gained);
    }
}
