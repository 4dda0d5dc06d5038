package io.portolan.graphs.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The batches of a data set, epoch by epoch, starting at any position. */
public final class BatchPipeline {
    private final Dataset dataset;
    private final BatchOptions options;

    /** @throws IllegalArgumentException if a batch would not fit an array */
    public BatchPipeline(Dataset dataset, BatchOptions options) {
        if ((long) options.size() * dataset.sampleSize() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a batch of " + options.size() + " samples of " + dataset.sampleSize()
                    + " values does not fit an array; expected a smaller batch");
        }
        this.dataset = dataset;
        this.options = options;
    }

    /** Batches in an epoch. */
    public int batches() {
        int full = dataset.size() / options.size();
        boolean remainder = dataset.size() % options.size() > 0 && !options.dropRemainder();
        return remainder ? full + 1 : full;
    }

    /** The batches of an epoch, starting with the first. */
    public BatchStream epoch(int epoch) {
        return at(epoch, 0);
    }

    /**
     * The batches of an epoch starting with the given one, the same as if the ones before it had been taken.
     *
     * @param batch 0 to {@link #batches()}
     */
    public BatchStream at(int epoch, int batch) {
        if (batch < 0 || batch > batches()) {
            throw new IndexOutOfBoundsException("batch " + batch + " of " + batches());
        }
        return new BatchStream(dataset, options, order(epoch), batch, batches());
    }

    /** The indices of an epoch's samples, in order. */
    private int[] order(int epoch) {
        int[] order = options.shuffle()
                ? ReferenceSplit.order(dataset.size(), options.seed() + epoch)
                : IntStream.range(0, dataset.size()).toArray();
        return options.dropRemainder() ? Arrays.copyOf(order, batches() * options.size()) : order;
    }
}
