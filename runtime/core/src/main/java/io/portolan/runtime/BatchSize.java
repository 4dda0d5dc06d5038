package io.portolan.runtime;

import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How many samples a model takes in a run, along the first axis of its inputs.
 *
 * @param rows of a run
 * @param isFixed whether every run has just so many; they are the most otherwise
 */
public record BatchSize(int rows, boolean isFixed) {
    /** @throws IllegalArgumentException if there are no rows */
    public BatchSize {
        if (rows < 1) {
            throw new IllegalArgumentException("the batch size must be positive, not " + rows);
        }
    }

    /**
     * Some samples, and the batch that they go in.
     *
     * @param first of the samples
     * @param last of the samples, exclusive
     * @param rows of the batch; those beyond the samples are filled with zeros, and what the model answers to them is dropped
     */
    public record Run(long first, long last, long rows) {
        public int samples() {
            return (int) (last - first);
        }
    }

    /**
     * Of a model.
     *
     * @param input any of the model's
     * @param preferred the most rows if the model leaves them open
     */
    public static BatchSize of(TensorSpec input, int preferred) {
        long[] shape = input.shape();
        boolean isFixed = shape.length > 0 && shape[0] > 0;
        return new BatchSize(isFixed ? (int) Math.min(Integer.MAX_VALUE, shape[0]) : preferred, isFixed);
    }

    /** No more than so many rows in a run, if the model leaves them open. */
    public BatchSize atMost(int most) {
        return isFixed ? this : new BatchSize(Math.max(1, Math.min(rows, most)), false);
    }

    /** So many samples, cut into runs; none of no samples. */
    public Stream<Run> runs(long samples) {
        return LongStream.iterate(0, first -> first < samples, first -> first + rows)
                .mapToObj(first -> run(first, Math.min(samples, first + rows)));
    }

    /**
     * A run of some samples.
     *
     * @param last exclusive; at most {@link #rows()} beyond the first
     */
    public Run run(long first, long last) {
        return new Run(first, last, isFixed ? rows : last - first);
    }
}
