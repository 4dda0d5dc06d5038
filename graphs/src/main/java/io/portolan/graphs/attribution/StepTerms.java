package io.portolan.graphs.attribution;

import io.portolan.graphs.cells.StepVariable;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * What a cell adds up in each step for one sample, and what it gives. The terms of a state sum up to the state after the step.
 *
 * @param states in the order of the cell's equations; of an hGRU, all variables of its circuit
 * @param readOut what the cell gives after each step; a model that reads the last step reads the last of them only
 */
public record StepTerms(List<State> states, Maps readOut) {
    /** The source of the term that does not come from a state. */
    public static final String INPUT = StepVariable.INPUT;

    /**
     * A state.
     *
     * @param symbol such as Q
     * @param maps its values after each step
     * @param terms its summands; none if it is not a sum
     */
    public record State(String symbol, Maps maps, List<Term> terms) {
        /** The means over channels only. */
        State meansOnly() {
            return new State(
                    symbol,
                    maps.meansOnly(),
                    terms.stream().map(Term::meansOnly).toList());
        }
    }

    /**
     * A summand of a state.
     *
     * @param source the symbol of the state that it comes from, in the simplified model the name of its gate, or {@link #INPUT}
     * @param symbol as the cell's notation writes it, such as w·K̂·K
     * @param contributions for each step, the gradient of the logit by the state times the term: to first order, what the logit
     *     would lose without the term at that step; empty in the simplified model, which has no logits
     */
    public record Term(String source, String symbol, Maps maps, double[] contributions) {
        private Term meansOnly() {
            return new Term(source, symbol, maps.meansOnly(), contributions);
        }
    }

    /** The same with the means over channels only, as maps of one channel. */
    public StepTerms meansOnly() {
        return new StepTerms(states.stream().map(State::meansOnly).toList(), readOut.meansOnly());
    }

    /** Signed maps of every step and channel, {@code (T, C, H, W)}. */
    public record Maps(int steps, int channels, int height, int width, float[] values) {
        /** For each step the mean over channels. */
        public List<Plane> means() {
            return means(value -> value);
        }

        /** For each step the mean over channels of the magnitudes. */
        List<Plane> meanMagnitudes() {
            return means(Math::abs);
        }

        Maps meansOnly() {
            float[] together = new float[steps * height * width];
            List<Plane> means = means();
            for (int t = 0; t < steps; t++) {
                System.arraycopy(means.get(t).values(), 0, together, t * height * width, height * width);
            }
            return new Maps(steps, 1, height, width, together);
        }

        private List<Plane> means(DoubleUnaryOperator of) {
            return IntStream.range(0, steps).mapToObj(t -> mean(t, of)).toList();
        }

        private Plane mean(int step, DoubleUnaryOperator of) {
            int size = height * width;
            double[] sums = new double[size];
            for (int i = 0; i < channels * size; i++) {
                sums[i % size] += of.applyAsDouble(values[step * channels * size + i]);
            }
            float[] means = new float[size];
            for (int i = 0; i < size; i++) {
                means[i] = (float) (sums[i] / channels);
            }
            return new Plane(height, width, means);
        }
    }
}
