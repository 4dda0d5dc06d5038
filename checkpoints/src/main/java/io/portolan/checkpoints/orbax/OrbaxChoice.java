package io.portolan.checkpoints.orbax;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What to read of a directory that holds more than one tree.
 *
 * @param step the step in the folder of a CheckpointManager; empty for the latest that is complete
 * @param item the item of a checkpoint with several; empty for all of them
 */
public record OrbaxChoice(OptionalLong step, Optional<String> item) {
    private static final OrbaxChoice LATEST = new OrbaxChoice(OptionalLong.empty(), Optional.empty());

    public OrbaxChoice {
        Objects.requireNonNull(step);
        Objects.requireNonNull(item);
    }

    /** The latest step, with all items. */
    public static OrbaxChoice latest() {
        return LATEST;
    }

    /** Whether a step or an item is chosen. */
    public boolean isSpecific() {
        return step.isPresent() || item.isPresent();
    }

    /** A copy with a step. */
    public OrbaxChoice withStep(long number) {
        return new OrbaxChoice(OptionalLong.of(number), item);
    }

    /** A copy with an item. */
    public OrbaxChoice withItem(String name) {
        return new OrbaxChoice(step, Optional.of(name));
    }
}
