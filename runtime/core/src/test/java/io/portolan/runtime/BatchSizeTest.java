package io.portolan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.runtime.BatchSize.Run;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
    @Test
    void anOpenBatchIsCutIntoRunsAndARest() {
        BatchSize size = BatchSize.of(new TensorSpec(ElementType.FLOAT, -1, 8), 3);

        assertThat(size).isEqualTo(new BatchSize(3, false));
        assertThat(size.runs(7)).containsExactly(new Run(0, 3, 3), new Run(3, 6, 3), new Run(6, 7, 1));
        assertThat(size.runs(0)).isEmpty();
        assertThat(size.run(0, 0)).isEqualTo(new Run(0, 0, 0));
    }

    @Test
    void aFixedBatchIsFilledUp() {
        BatchSize size = BatchSize.of(new TensorSpec(ElementType.FLOAT, 4, 8), 3);

        assertThat(size).isEqualTo(new BatchSize(4, true));
        assertThat(size.runs(5))
                .containsExactly(new Run(0, 4, 4), new Run(4, 5, 4))
                .last()
                .returns(1, Run::samples);
        assertThat(size.atMost(1)).isEqualTo(size);
    }

    @Test
    void fewerRowsMayBeAskedForAndNeverLessThanOne() {
        BatchSize size = new BatchSize(16, false);

        assertThat(size.atMost(5).rows()).isEqualTo(5);
        assertThat(size.atMost(99).rows()).isEqualTo(16);
        assertThat(size.atMost(0).rows()).isEqualTo(1);
    }

    @Test
    void inputsWithoutARankAndThoseOfHugeBatchesHaveASizeToo() {
        assertThat(BatchSize.of(new TensorSpec(ElementType.FLOAT, new long[0], false), 2))
                .isEqualTo(new BatchSize(2, false));
        assertThat(BatchSize.of(new TensorSpec(ElementType.FLOAT, 1L << 40), 2))
                .isEqualTo(new BatchSize(Integer.MAX_VALUE, true));
        // As they are needed: a list of all would not fit the memory.
        assertThat(new BatchSize(1, false).runs(Long.MAX_VALUE).limit(2)).hasSize(2);
    }

    @Test
    void refusesABatchOfNothing() {
        assertThatThrownBy(() -> new BatchSize(0, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 0");
    }
}
