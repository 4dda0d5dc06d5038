package io.portolan.exporter.comparison;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.portolan.graphs.ops.Precision;
import io.portolan.graphs.training.LearningRateSchedule;
import io.portolan.graphs.training.OptimizerConfig;
import io.portolan.graphs.training.Schedule;

/**
 * The training that every model of a comparison gets. What is null has the default of the command {@code train}.
 *
 * @param epochs passes through the training data; null if {@code steps} is given
 * @param steps batches to train on; null if {@code epochs} is given
 * @param batch samples in a batch
 * @param learningRate after the warm-up
 * @param schedule name of the learning rate's {@link Schedule}
 * @param warmup steps of the warm-up
 * @param weightDecay of AdamW
 * @param clip largest global norm of the gradients
 * @param labelSmoothing share of the probability that is spread over all classes
 * @param ema decay of the moving average of the parameters; 0 for none
 * @param evalEvery number of epochs between evaluations
 * @param mixedPrecision whether products of the steps are computed in bfloat16
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Budget(
        Integer epochs,
        Integer steps,
        Integer batch,
        Double learningRate,
        String schedule,
        Integer warmup,
        Double weightDecay,
        Double clip,
        Double labelSmoothing,
        Double ema,
        Integer evalEvery,
        Boolean mixedPrecision) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public Budget {
        if ((epochs == null) == (steps == null)) {
            throw new IllegalArgumentException("expected either epochs or steps");
        }
        batch = requireNonNullElse(batch, 32);
        learningRate = requireNonNullElse(learningRate, 3e-4);
        schedule = requireNonNullElse(schedule, Schedule.CORRECTED.toString());
        warmup = requireNonNullElse(warmup, LearningRateSchedule.WARMUP);
        weightDecay = requireNonNullElse(weightDecay, 1e-4);
        clip = requireNonNullElse(clip, 1.0);
        labelSmoothing = requireNonNullElse(labelSmoothing, 0.0);
        ema = requireNonNullElse(ema, 0.0);
        evalEvery = requireNonNullElse(evalEvery, 1);
        mixedPrecision = requireNonNullElse(mixedPrecision, false);
        requirePositive("epochs", requireNonNullElse(epochs, 1));
        requirePositive("steps", requireNonNullElse(steps, 1));
        requirePositive("batch", batch);
        requirePositive("eval_every", evalEvery);
        if (Schedule.named(schedule).isEmpty()) {
            throw new IllegalArgumentException("schedule is '" + schedule + "'; expected " + Schedule.names());
        }
    }

    /**
     * The number of steps of a run.
     *
     * @param samples number of training samples
     * @throws IllegalArgumentException if there are more than an int holds
     */
    int steps(int samples) {
        long wanted = steps == null ? (long) epochs * (samples / batch) : steps;
        if (wanted > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a run would have " + wanted + " steps; expected at most " + Integer.MAX_VALUE);
        }
        return (int) wanted;
    }

    /** @throws IllegalArgumentException if a number is out of its range, or the run too short for the schedule */
    OptimizerConfig optimizer(int ofSteps) {
        OptimizerConfig reference = OptimizerConfig.reference(
                Schedule.named(schedule).orElseThrow().over(learningRate, warmup, ofSteps), weightDecay);
        return new OptimizerConfig(
                reference.schedule(),
                clip,
                weightDecay,
                reference.beta1(),
                reference.beta2(),
                reference.epsilon(),
                labelSmoothing,
                ema);
    }

    Precision precision() {
        return mixedPrecision ? Precision.MIXED : Precision.SINGLE;
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + "; expected 1 or more");
        }
    }
}
