package io.portolan.checkpoints.pickle;

/** Counts what the instructions of a file use, and checks the budget before memory is allocated. */
final class Meter {
    private final Budget budget;
    private long instructions;
    private long copiedBytes;
    private long cells;

    Meter(Budget budget) {
        this.budget = budget;
    }

    void instruction() throws Malformed {
        Budget.check("instructions", ++instructions, budget.opcodes());
    }

    /** Counts elements of arrays of objects and the lists around them, which other arrays may share. */
    void place(long objects) throws Malformed {
        cells += objects;
        Budget.check("elements of object arrays", cells, budget.values());
    }

    void copy(long bytes) throws Malformed {
        copiedBytes += bytes;
        Budget.check("bytes of copied array data", copiedBytes, budget.copiedBytes());
    }
}
