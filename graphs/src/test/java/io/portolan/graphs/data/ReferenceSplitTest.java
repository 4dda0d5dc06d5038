package io.portolan.graphs.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import java.io.IOException;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceSplitTest {
    @ParameterizedTest
    @ValueSource(ints = {10, 40, 1000})
    void theOrderIsNumpys(int size) throws IOException {
        ArrayData expected =
                NpzArchive.read(Resources.path("shuffle_orders.npz")).get("order_" + size);
        LongBuffer indices = expected.bytes().asLongBuffer();
        assertThat(ReferenceSplit.order(size, ReferenceSplit.SEED))
                .containsExactly(
                        IntStream.range(0, size).map(i -> (int) indices.get(i)).toArray());
    }

    @Test
    void theFirstDrawsAreThePublishedOnes() {
        // Matsumoto and Nishimura's mt19937ar with seed 5489.
        Mt19937 twister = new Mt19937(5489);
        assertThat(Integer.toUnsignedLong(twister.next())).isEqualTo(3499211612L);
        assertThat(Integer.toUnsignedLong(twister.next())).isEqualTo(581869302L);
    }

    @Test
    void sharesAreRoundedDownAndTheRestIsForTesting() {
        ReferenceSplit split = ReferenceSplit.of(19);
        assertThat(split.train()).hasSize(15);
        assertThat(split.val()).hasSize(1);
        assertThat(split.test()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 100_000})
    void everyIndexIsInOnePart(int size) {
        ReferenceSplit split = ReferenceSplit.of(size);
        int[] together = Arrays.stream(Split.values())
                .map(split::indices)
                .flatMapToInt(Arrays::stream)
                .sorted()
                .toArray();
        assertThat(together).containsExactly(IntStream.range(0, size).toArray());
    }
}
