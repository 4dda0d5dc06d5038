package io.portolan.graphs.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The reference's split of a data set, index for index: numpy's legacy shuffle of all indices, of which the first 80%
 * are for training, the next 10% for validation and the rest for testing. Sizes are rounded down.
 *
 * @param train indices, in the order in which the reference writes them; likewise {@code val} and {@code test}
 */
public record ReferenceSplit(int[] train, int[] val, int[] test) {
    /** The seed of the published split. */
    public static final long SEED = 42;

    static final double TRAIN_SHARE = 0.8;
    static final double VAL_SHARE = 0.1;

    /** The split of {@code size} samples with the reference's seed. */
    public static ReferenceSplit of(int size) {
        return of(size, SEED);
    }

    /** The split of {@code size} samples with another seed, of which the lower 32 bits are used. */
    public static ReferenceSplit of(int size, long seed) {
        int[] order = order(size, seed);
        int trainEnd = (int) (size * TRAIN_SHARE);
        int valEnd = trainEnd + (int) (size * VAL_SHARE);
        return new ReferenceSplit(
                Arrays.copyOfRange(order, 0, trainEnd),
                Arrays.copyOfRange(order, trainEnd, valEnd),
                Arrays.copyOfRange(order, valEnd, size));
    }

    /** The numbers 0 to {@code size - 1} as {@code numpy.random.RandomState(seed).shuffle} leaves them. */
    public static int[] order(int size, long seed) {
        int[] order = IntStream.range(0, size).toArray();
        new Mt19937(seed).shuffle(order);
        return order;
    }

    /** The indices of one part. */
    public int[] indices(Split split) {
        return switch (split) {
            case TRAIN -> train;
            case VAL -> val;
            case TEST -> test;
        };
    }
}
