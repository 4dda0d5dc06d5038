package io.portolan.cli;

import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.training.OptimizerConfig;
import io.portolan.graphs.training.Schedule;
import picocli.CommandLine.Option;

/** The options of the training recipe. */
@OptionGroup("Recipe")
final class RecipeOptions {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "N",
            description = "Batch size (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--lr",
            defaultValue = "3e-4",
            paramLabel = "X",
            description = "Peak learning rate (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(
            names = "--schedule",
            defaultValue = "corrected",
            paramLabel = "NAME",
            description =
                    "Learning rate schedule after the warm-up: corrected (cosine decay to a hundredth), reference (cosine as in"
                            + " the reference, which subtracts the warm-up twice) or constant (default: ${DEFAULT-VALUE}).")
    private Schedule schedule;

    @Option(
            names = "--warmup",
            defaultValue = "500",
            paramLabel = "N",
            description = "Warm-up steps (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(
            names = "--weight-decay",
            defaultValue = "1e-4",
            paramLabel = "X",
            description = "Weight decay of AdamW (default: ${DEFAULT-VALUE}).")
    private double weightDecay;

    @Option(
            names = "--clip",
            defaultValue = "1",
            paramLabel = "X",
            description = "Maximum global norm of the gradients (default: ${DEFAULT-VALUE}).")
    private double clip;

    @Option(
            names = "--label-smoothing",
            defaultValue = "0",
            paramLabel = "X",
            description = "Probability mass that is spread over all classes (default: ${DEFAULT-VALUE}).")
    private double labelSmoothing;

    @Option(
            names = "--ema",
            defaultValue = "0",
            paramLabel = "DECAY",
            description =
                    "Evaluate and save a moving average of the parameters with this decay, such as 0.999 (default: none).")
    private double averaging;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Random seed of the initial weights and the order of samples (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--mixed-precision",
            description =
                    "Compute matrix products and convolutions of the steps in bfloat16, everything else in float32. Faster only if"
                            + " the hardware has bfloat16 products.")
    private boolean mixedPrecision;

    int batch() {
        if (batch < 1) {
            throw new IllegalArgumentException("--batch is " + batch + "; expected 1 or more");
        }
        return batch;
    }

    long seed() {
        return seed;
    }

    Precision precision() {
        return mixedPrecision ? Precision.MIXED : Precision.SINGLE;
    }

    /** @throws IllegalArgumentException if a number is out of its range, or the run too short for the schedule */
    OptimizerConfig optimizer(int steps) {
        return new OptimizerConfig(
                schedule.over(learningRate, warmup, steps),
                clip,
                weightDecay,
                BETA1,
                BETA2,
                EPSILON,
                labelSmoothing,
                averaging);
    }
}
