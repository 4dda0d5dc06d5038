package io.portolan.graphs.attribution;

/**
 * Integrated gradients (Sundararajan, Taly and Yan, 2017): how much each input value contributes to a class's logit,
 * along the straight path from a baseline to the input.
 *
 * @param values {@code (mean gradient along the path)·(input − baseline)}, in the input's shape; not copied
 * @param gained the logit of the input minus that of the baseline, which the sum of the values approaches with more
 *     points
 */
public record IntegratedGradients(float[] values, double gained) {

    /** The points on the path at which gradients are taken, equally spaced and equally weighted. */
    public enum Rule {
        /**
         * From the baseline to the input, including both, as in the reference. If layer normalisation sees a constant
         * map at the baseline, the gradient there is amplified rounding error.
         */
        ENDS {
            @Override
            float share(int k, int points) {
                return (float) k / (points - 1);
            }
        },
        /** The midpoint of each interval. Neither end is included, and the error is that of a second-order rule. */
        MIDPOINTS {
            @Override
            float share(int k, int points) {
                return (k + 0.5f) / points;
            }
        };

        /** The position of point {@code k} on the path, from 0 to 1. */
        abstract float share(int k, int points);
    }

    /**
     * The settings of the integration.
     *
     * @param points number of points on the path; the reference takes 50
     */
    public record Path(int points, Baseline baseline, Rule rule) {
        /** The reference's settings. */
        public static final Path REFERENCE = new Path(50, Baseline.ZERO, Rule.ENDS);

        /** @throws IllegalArgumentException if there are fewer than two points */
        public Path {
            if (points < 2) {
                throw new IllegalArgumentException("integrated gradients need two points or more, not " + points);
            }
        }

        /** The samples on the path to an input, starting at point {@code from}. */
        float[] samples(float[] input, int colours, int from, int count) {
            float[] samples = new float[input.length * count];
            for (int k = 0; k < count; k++) {
                put(samples, k, input, colours, rule.share(from + k, points));
            }
            return samples;
        }

        /** The baseline, then the input. */
        float[] ends(float[] input, int colours) {
            float[] samples = new float[2 * input.length];
            put(samples, 0, input, colours, 0);
            put(samples, 1, input, colours, 1);
            return samples;
        }

        private void put(float[] samples, int k, float[] input, int colours, float share) {
            for (int i = 0; i < input.length; i++) {
                float start = baseline.at(i, colours);
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

    /** The difference between the sum of the values and the gained logit. */
    public double completenessError() {
        return Math.abs(total() - gained);
    }
}
