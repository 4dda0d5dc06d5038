package io.portolan.converter.stablehlo.rewrites;

import io.portolan.programs.stablehlo.Block;
import java.util.List;

/** The rewrites in the order in which they run. */
public final class Rewrites {
    private static final List<Rewrite> ALL = List.of(
            // First, as they recognise expressions by their leaves, which are easiest to find as the program wrote
            // them.
            new LogarithmOfModulus(),
            new ExactGelu(),
            new ProjectionInFrequency(),
            // What was replaced would still count as read.
            new DeadOperations(),
            // Before the search for repetition, which then looks at less.
            new UnreadWork(),
            new RepeatedWork(),
            new DeadOperations());

    private Rewrites() {}

    /** The same block with less work. Calls must be inlined. */
    public static Block apply(Block block) {
        Block rewritten = block;
        for (Rewrite rewrite : ALL) {
            rewritten = rewrite.apply(rewritten);
        }
        return rewritten;
    }
}
