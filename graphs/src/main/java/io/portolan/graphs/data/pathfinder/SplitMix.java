package io.portolan.graphs.data.pathfinder;

/**
 * SplitMix64 (Steele, Lea and Flood, 2014): small and quick to seed. It is implemented here so that a seed gives the
 * same images under every Java release.
 */
final class SplitMix {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    private long state;

    private SplitMix(long state) {
        this.state = state;
    }

    /** The random stream of one image; the streams of adjacent seeds and indices are independent. */
    static SplitMix of(long seed, long index) {
        return new SplitMix(mix(mix(seed + GOLDEN_GAMMA) + index * GOLDEN_GAMMA));
    }

    /** Uniform in [low, high). */
    double between(double low, double high) {
        return low + (high - low) * ((next() >>> 11) * UNIT);
    }

    boolean coin() {
        return next() < 0;
    }

    private long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
