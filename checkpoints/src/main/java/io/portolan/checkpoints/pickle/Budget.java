package io.portolan.checkpoints.pickle;

/**
 * The budget for reading a pickle. A checkpoint of two million parameters needs a few thousand opcodes, so the defaults
 * are far above any real file, but stop one that was made to exhaust the reader.
 *
 * @param opcodes instructions executed
 * @param memo entries of the memo
 * @param stack values on the stack, marks included
 * @param nesting nested containers
 * @param values values of the finished tree, a shared container counted at each place where it appears
 * @param copiedBytes bytes of array data that must be copied
 */
public record Budget(long opcodes, int memo, int stack, int nesting, long values, long copiedBytes) {
    private static final long SMALLEST_COPY = 1 << 16;
    private static final int COPIES = 4;

    /**
     * The defaults for a file of this many bytes. Array data may be copied about four times over: text to bytes, bytes
     * to row-major order, and as much again.
     */
    public static Budget forFile(long fileBytes) {
        return new Budget(1_000_000, 100_000, 10_000, 100, 1_000_000, COPIES * fileBytes + SMALLEST_COPY);
    }

    static void check(String what, long used, long limit) throws Malformed {
        if (used > limit) {
            throw new Malformed(
                    "more " + what + " than the reader's budget",
                    "at most " + limit + "; a real checkpoint needs far fewer");
        }
    }
}
