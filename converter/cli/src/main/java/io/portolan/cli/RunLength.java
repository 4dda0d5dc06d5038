package io.portolan.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The length of a training run, in epochs or in steps. */
@OptionGroup("Recipe")
final class RunLength {
    private static final int EPOCHS = 60;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes through the training data (default: 60).")
    private Optional<Integer> epochs = Optional.empty();

    @Option(names = "--steps", paramLabel = "N", description = "Batches to train on, instead of --epochs.")
    private Optional<Integer> steps = Optional.empty();

    boolean isSaid() {
        return epochs.isPresent() || steps.isPresent();
    }

    /** @throws IllegalArgumentException if the number of steps is out of range */
    int steps(int stepsPerEpoch) {
        long wanted = steps.isPresent() ? steps.get() : (long) epochs.orElse(EPOCHS) * stepsPerEpoch;
        if (wanted < 1 || wanted > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "the run would have " + wanted + " steps; expected 1 to " + Integer.MAX_VALUE);
        }
        return (int) wanted;
    }
}
