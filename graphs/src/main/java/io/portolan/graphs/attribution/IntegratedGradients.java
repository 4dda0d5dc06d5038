package io.portolan.graphs.attribution;

/**
 * Integrated gradients (Sundararajan, Taly and Yan, 2017): how much each number of an input adds to a class's logit, on the straight
 * way from a baseline to the input.
 *
 * @param values {@code (mean gradient along the way)·(input − baseline)}, in the input's shape; not copied
 * @param gained the logit of the input less that of the baseline, which the values would add up to if points were many
 */
public record IntegratedGradients(float[] values, double gained) {

    /** Where on the way the gradients are taken, at equal distances and with equal weights. */
    public enum Rule {
        /**
         * From the baseline to the input, both among the points: the reference's. The baseline is a point of its own, and where layer
         * normalisation sees a constant map there, its gradient is rounding enlarged.
         */
        ENDS {
            @Override
            float share(int k, int points) {
                return (float) k / (points - 1);
            }
        },
        /** In the middle of each part of the way. Neither end is among the points, and the error is that of a second order rule. */
        MIDPOINTS {
            @Override
            float share(int k, int points) {
                return (k + 0.5f) / points;
            }
        };

        /** How far point {@code k} is on the way, from 0 to 1. */
        abstract float share(int k, int points);
    }

    /**
     * How to integrate.
     *
     * @param points places on the way; the reference takes 50
     */
    public record Path(int points, Baseline baseline, Rule rule) {
        /** The reference's. */
        public static final Path REFERENCE = new Path(50, Baseline.ZERO, Rule.ENDS);

        /** @throws IllegalArgumentException if there are less than two points */
        public Path {
            if (points < 2) {
                throw new IllegalArgumentException("integrated gradients need two points or more, not " + points);
            }
        }

        /** The samples on the way to an input, from that number on. */
        float[] samples(float[] input, int from, int count) {
            float[] samples = new float[input.length * count];
            for (int k = 0; k < count; k++) {
                put(samples, k, input, rule.share(from + k, points));
            }
            return samples;
        }

        /** The baseline, then the input. */
        float[] ends(float[] input) {
            float[] samples = new float[2 * input.length];
            put(samples, 0, input, 0);
            put(samples, 1, input, 1);
            return samples;
        }

        private void put(float[] samples, int k, float[] input, float share) {
            for (int i = 0; i < input.length; i++) {
                float start = baseline.at(i);
                samples[k * input.length + i] = start + share * (input[i] - start);
            }
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
