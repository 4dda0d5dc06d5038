package io.portolan.graphs.data;

/**
 * How samples become batches.
 *
 * @param size samples in a batch
 * @param shuffle whether each epoch has an order of its own; otherwise all have that of the data set
 * @param seed of the orders: epoch e is shuffled as numpy's {@code RandomState(seed + e).shuffle} would
 * @param dropRemainder whether samples that do not fill the last batch are left out of the epoch
 * @param workers threads that load samples
 * @param prefetch batches that are loaded before they are asked for; they bound the memory
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

    /** Half of the processors: the others have a model to train. */
    private static int defaultWorkers() {
        return Math.max(1, Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors() / 2));
    }
}
