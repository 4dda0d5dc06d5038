package io.portolan.checkpoints.pickle;

/** Counts the bytes of array data that are copied; asked before the memory is taken. */
final class Meter {
    private final Budget budget;
    private long copiedBytes;

    Meter(Budget budget) {
        this.budget = budget;
    }

    void copy(long bytes) throws Malformed {
        copiedBytes += bytes;
        Budget.check("bytes of copied array data", copiedBytes, budget.copiedBytes());
    }
}
