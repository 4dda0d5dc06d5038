package io.portolan.graphs.data;

/** The Mersenne Twister, seeded and used as numpy's legacy {@code RandomState} does. */
final class Mt19937 {
    private static final int SIZE = 624;
    private static final int OFFSET = 397;
    private static final int TWIST = 0x9908b0df;

    private final int[] state = new int[SIZE];
    private int position = SIZE;

    /** @param seed the seed, of which the lower 32 bits are used */
    Mt19937(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** {@code RandomState(seed).shuffle} of an array. */
    void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = upTo(i);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }

    /**
     * A uniform number from 0 to {@code limit}: draws are masked to the bits of the limit, until one does not exceed
     * it.
     */
    private int upTo(int limit) {
        int mask = -1 >>> Integer.numberOfLeadingZeros(limit);
        int draw;
        do {
            draw = next() & mask;
        } while (draw > limit);
        return draw;
    }

    /** The next 32 bits. */
    int next() {
        if (position == SIZE) {
            twist();
            position = 0;
        }
        int y = state[position++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    private void twist() {
        for (int i = 0; i < SIZE; i++) {
            int y = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
            state[i] = state[(i + OFFSET) % SIZE] ^ (y >>> 1) ^ ((y & 1) * TWIST);
        }
    }
}
