package io.portolan.runtime;

import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The batch size of a model: the number of samples in a run, along the first axis of its inputs.
 *
 * @param rows number of rows in a run
 * @param isFixed whether every run has exactly that number; otherwise it is the maximum
 */
public record BatchSize(int rows, boolean isFixed) {
    /** @throws IllegalArgumentException if there are no rows */
    public BatchSize {
        if (rows < 1) {
            throw new IllegalArgumentException("the batch size must be positive, not " + rows);
        }
    }

    /**
     * A range of samples, and the batch that contains them.
     *
     * @param first index of the first sample
     * @param last index after the last sample
     * @param rows number of rows in the batch; those beyond the samples are zero, and their outputs are dropped
     */
    public record Run(long first, long last, long rows) {
        public int samples() {
            return (int) (last - first);
        }
    }

    /**
     * Returns the batch size of a model.
     *
     * @param input any of the model's inputs
     * @param preferred largest number of rows if the model leaves it open
     */
    public static BatchSize of(TensorSpec input, int preferred) {
        long[] shape = input.shape();
        boolean isFixed = shape.length > 0 && shape[0] > 0;
        return new BatchSize(isFixed ? (int) Math.min(Integer.MAX_VALUE, shape[0]) : preferred, isFixed);
    }

    /** A copy with at most {@code most} rows in a run, if the model leaves their number open. */
    public BatchSize atMost(int most) {
        return isFixed ? this : new BatchSize(Math.max(1, Math.min(rows, most)), false);
    }

    /** Divides samples into runs; empty if there are no samples. */
    public Stream<Run> runs(long samples) {
        return LongStream.iterate(0, first -> first < samples, first -> first + rows)
                .mapToObj(first -> run(first, Math.min(samples, first + rows)));
    }

    /**
     * Returns the run for a range of samples.
     *
     * @param last exclusive; at most {@link #rows()} beyond the first
     */
    public Run run(long first, long last) {
        return new Run(first, last, isFixed ? rows : last - first);
    }
}
