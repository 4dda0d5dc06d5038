package io.portolan.server;

import java.time.Duration;

/**
 * How requests that come at the same time share runs of a model.
 *
 * @param maxSamples of a run; {@link #MODELS_OWN} for what suits a model that Portolan exported, and no sharing for any other,
 *     whose first axis need not be a batch
 * @param maxWait for others to join a run; zero takes only those that wait already, as they do while a run goes on
 */
public record Batching(int maxSamples, Duration maxWait) {
    /** Instead of a number of samples. */
    public static final int MODELS_OWN = 0;

    /** @throws IllegalArgumentException if one is negative */
    public Batching {
        if (maxSamples < MODELS_OWN || maxWait.isNegative()) {
            throw new IllegalArgumentException(
                    "a batch takes at least 1 sample and waits at least 0 s, not " + maxSamples + " and " + maxWait);
        }
    }

    /** As many as suit the model, without waiting. */
    public static Batching defaults() {
        return new Batching(MODELS_OWN, Duration.ZERO);
    }
}
