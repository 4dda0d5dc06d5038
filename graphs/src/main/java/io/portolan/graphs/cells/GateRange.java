package io.portolan.graphs.cells;

import java.util.function.DoubleUnaryOperator;

/** The values that a gate can take, and how they come from its layer ({@code docs/model.md}, section 2.4). */
public enum GateRange {
    /** A factor in (0, 1): σ(x). */
    SHARE(0, 1, GateRange::sigmoid),
    /** A decay in (0.1, 0.99): 0.1 + 0.89·σ(x). */
    DECAY(0.1, 0.99, x -> 0.1 + 0.89 * sigmoid(x)),
    /** A step size above 0: ln(1 + eˣ). */
    STEP(0, Double.POSITIVE_INFINITY, x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
    /** Any number: x itself. */
    ANY(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, x -> x);

    private final double low;
    private final double high;
    private final DoubleUnaryOperator activation;

    GateRange(double low, double high, DoubleUnaryOperator activation) {
        this.low = low;
        this.high = high;
        this.activation = activation;
    }

    /** The bound below; no gate is smaller. */
    public double low() {
        return low;
    }

    /** The bound above; no gate is larger. */
    public double high() {
        return high;
    }

    /** The gate whose layer has this value. */
    public double of(double x) {
        return activation.applyAsDouble(x);
    }

    /** The logistic function. */
    public static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
