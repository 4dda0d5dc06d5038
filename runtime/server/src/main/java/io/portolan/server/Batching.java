package io.portolan.server;

import java.time.Duration;

/**
 * The options for batching concurrent requests in runs of a model.
 *
 * @param maxSamples largest number of samples in a run; {@link #MODELS_OWN} for a suitable number for a model that
 *     Portolan exported, and no batching for others, whose first axis may not be the batch
 * @param maxWait time to wait for others to join a run; zero takes only those already waiting, such as those that
 *     arrived during the previous run
 */
public record Batching(int maxSamples, Duration maxWait) {
    /** The value of {@code maxSamples} that lets the server choose. */
    public static final int MODELS_OWN = 0;

    /** @throws IllegalArgumentException if one is negative */
    public Batching {
        if (maxSamples < MODELS_OWN || maxWait.isNegative()) {
            throw new IllegalArgumentException(
                    "a batch takes at least 1 sample and waits at least 0 s, not " + maxSamples + " and " + maxWait);
        }
    }

    /** A suitable number for the model, without waiting. */
    public static Batching defaults() {
        return new Batching(MODELS_OWN, Duration.ZERO);
    }
}
