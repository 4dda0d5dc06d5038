package io.portolan.checkpoints;

import io.portolan.checkpoints.values.InertObject;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The saved state of a training run: weights, running statistics, epoch and step.
 *
 * @param parameters the trainable arrays
 * @param batchStatistics the running means and variances of batch normalisation; empty if there is none
 * @param epoch the epoch as stored: the reference counts from 0, so {@code epoch_20} stores 19
 * @param step the number of gradient applications
 * @param metadata every other entry of the file as inert values (maps, lists, strings, numbers, booleans, arrays,
 *     {@link InertObject}, null), such as {@code training_args}
 */
public record Checkpoint(
        ParameterTree parameters,
        ParameterTree batchStatistics,
        OptionalLong epoch,
        OptionalLong step,
        Map<String, Object> metadata) {

    public Checkpoint {
        Objects.requireNonNull(parameters);
        Objects.requireNonNull(batchStatistics);
        Objects.requireNonNull(epoch);
        Objects.requireNonNull(step);
        Objects.requireNonNull(metadata);
    }
}
