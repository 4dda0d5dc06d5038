package io.portolan.graphs.data;

/**
 * The options for making batches of samples.
 *
 * @param size samples in a batch
 * @param shuffle whether each epoch is shuffled; otherwise all epochs have the order of the data set
 * @param seed seed of the shuffles: epoch e is shuffled as numpy's {@code RandomState(seed + e).shuffle} would
 * @param dropRemainder whether an incomplete last batch is dropped
 * @param workers threads that load samples
 * @param prefetch number of batches loaded ahead, which bounds the memory
 */
public record BatchOptions(int size, boolean shuffle, long seed, boolean dropRemainder, int workers, int prefetch) {
    private static final int MOST_WORKERS = 4;

    public BatchOptions {
        if (size < 1 || workers < 1 || prefetch < 1) {
            throw new IllegalArgumentException(
                    "size, workers and prefetch must be positive, not " + size + ", " + workers + " and " + prefetch);
        }
    }

    /** Shuffled, in full batches only, as the reference trains. */
    public static BatchOptions training(int size, long seed) {
        return new BatchOptions(size, true, seed, true, defaultWorkers(), defaultWorkers() + 1);
    }

    /** Every sample once, in the order of the data set. */
    public static BatchOptions evaluation(int size) {
        return new BatchOptions(size, false, 0, false, defaultWorkers(), defaultWorkers() + 1);
    }

    /** Half of the processors; the others are needed for training. */
    private static int defaultWorkers() {
        return Math.max(1, Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors() / 2));
    }
}
