package io.portolan.checkpoints.pickle;

/** Counts the copied bytes of array data, and checks the budget before memory is allocated. */
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
