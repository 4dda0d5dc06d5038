package io.portolan.converter.verify;

/** The allowed difference of two runs of the same model, given how far one of them changes with the last bits of its input. */
public final class Allowance {
    /** A factor on the noise: every op rounds, while the noise is measured with the rounding of the input alone. */
    private static final double ROUNDINGS = 4;

    /** Noise beyond this, relative to the scale, means that the model is broken, not that any difference is acceptable. */
    private static final double LARGEST = 1e-3;

    /** The error of functions with values in [-1, 1] in runtimes: a few units in the last place of 1. */
    private static final double OF_BOUNDED = 4 * 0x1p-24;

    private Allowance() {}

    /**
     * The largest difference that passes.
     *
     * @param tolerance the difference that always passes, relative to the scale
     * @param noise the change of the model's own results
     * @param scale the magnitude of its results
     */
    public static double of(double tolerance, double noise, double scale) {
        return Math.max(tolerance * scale, Math.min(LARGEST * scale, ROUNDINGS * noise));
    }

    /**
     * The same for an output that may be computed by a function with values in [-1, 1], whose error is not relative to the result.
     *
     * @param bounded whether it is
     */
    public static double of(double tolerance, double noise, double scale, boolean bounded) {
        double allowed = of(tolerance, noise, scale);
        return bounded ? Math.max(OF_BOUNDED, allowed) : allowed;
    }
}
