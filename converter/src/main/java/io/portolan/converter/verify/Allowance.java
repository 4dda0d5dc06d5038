package io.portolan.converter.verify;

/** How far two runs of the same model may be apart, given how far one of them moves when the last bits of its input change. */
final class Allowance {
    /** Every op rounds, while the noise is measured with the input's rounding alone. */
    private static final double ROUNDINGS = 4;

    /** Noise beyond this, relative to the scale, means that the model is broken, not that any difference is fine. */
    private static final double LARGEST = 1e-3;

    private Allowance() {}

    /**
     * The largest difference that passes.
     *
     * @param tolerance what passes in any case, relative to the scale
     * @param noise how far the model's own results move
     * @param scale the size of its results
     */
    static double of(double tolerance, double noise, double scale) {
        return Math.max(tolerance * scale, Math.min(LARGEST * scale, ROUNDINGS * noise));
    }
}
