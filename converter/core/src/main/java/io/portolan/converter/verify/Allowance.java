package io.portolan.converter.verify;

/** How far two runs of the same model may be apart, given how far one of them moves when the last bits of its input change. */
public final class Allowance {
    /** Every op rounds, while the noise is measured with the input's rounding alone. */
    private static final double ROUNDINGS = 4;

    /** Noise beyond this, relative to the scale, means that the model is broken, not that any difference is fine. */
    private static final double LARGEST = 1e-3;

    /** What runtimes leave of a function with values in [-1, 1], a few units in the last place of 1. */
    private static final double OF_BOUNDED = 4 * 0x1p-24;

    private Allowance() {}

    /**
     * The largest difference that passes.
     *
     * @param tolerance what passes in any case, relative to the scale
     * @param noise how far the model's own results move
     * @param scale the size of its results
     */
    public static double of(double tolerance, double noise, double scale) {
        return Math.max(tolerance * scale, Math.min(LARGEST * scale, ROUNDINGS * noise));
    }

    /**
     * The same for an output that may be made by a function with values in [-1, 1], whose error is not relative to the result.
     *
     * @param bounded whether it is
     */
    public static double of(double tolerance, double noise, double scale, boolean bounded) {
        double allowed = of(tolerance, noise, scale);
        return bounded ? Math.max(OF_BOUNDED, allowed) : allowed;
    }
}
