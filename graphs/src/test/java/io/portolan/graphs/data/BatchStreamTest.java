package io.portolan.graphs.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.graphs.data.error.DatasetException;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchStreamTest {
    @Test
    void anEpochIsShuffledAsNumpyWould() throws IOException {
        BatchPipeline pipeline = new BatchPipeline(new Numbers(10), new BatchOptions(3, true, 42, true, 2, 3));
        assertThat(labels(pipeline.epoch(0))).containsExactly(8, 1, 5, 0, 7, 2, 9, 4, 3);
        assertThat(labels(pipeline.epoch(1)))
                .containsExactly(Arrays.stream(ReferenceSplit.order(10, 43))
                        .limit(9)
                        .boxed()
                        .toArray(Integer[]::new));
    }

    @Test
    void everyPositionCanBeReturnedTo() throws IOException {
        BatchPipeline pipeline = new BatchPipeline(new Numbers(50), new BatchOptions(7, true, 3, false, 3, 4));
        for (int epoch = 0; epoch < 3; epoch++) {
            List<Integer> whole = labels(pipeline.epoch(epoch));
            assertThat(new HashSet<>(whole)).hasSize(50);
            for (int batch = 0; batch <= pipeline.batches(); batch++) {
                assertThat(labels(pipeline.at(epoch, batch))).isEqualTo(whole.subList(Math.min(50, batch * 7), 50));
            }
        }
    }

    @Test
    void samplesThatDoNotFillABatchAreDroppedOrMakeASmallOne() throws IOException {
        assertThat(new BatchPipeline(new Numbers(10), BatchOptions.training(4, 0)).batches())
                .isEqualTo(2);
        BatchPipeline all = new BatchPipeline(new Numbers(10), BatchOptions.evaluation(4));
        assertThat(all.batches()).isEqualTo(3);
        try (BatchStream stream = all.at(0, 2)) {
            Batch last = stream.next();
            assertThat(last.count()).isEqualTo(2);
            assertThat(last.labels()).containsExactly(8, 9);
            assertThat(last.images()).containsExactly(8, 8, 8, 9, 9, 9);
            assertThat(stream.hasNext()).isFalse();
            assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void aDataSetSmallerThanABatchHasNoFullOne() {
        BatchPipeline pipeline = new BatchPipeline(new Numbers(3), BatchOptions.training(4, 0));
        try (BatchStream stream = pipeline.epoch(0)) {
            assertThat(stream.hasNext()).isFalse();
        }
    }

    @Test
    void noMoreIsLoadedAheadThanWasAskedFor() throws Exception {
        Numbers numbers = new Numbers(1000);
        try (BatchStream stream = new BatchPipeline(numbers, new BatchOptions(5, false, 0, true, 4, 6)).epoch(0)) {
            stream.next();
            Thread.sleep(100);
            assertThat(numbers.loaded.get()).isEqualTo((1 + 6) * 5);
        }
    }

    @Test
    void aFailureOfAWorkerReachesTheConsumerAsItWasThrown() throws Exception {
        for (Exception failure : List.of(new DatasetException("sample 13"), new IllegalStateException("sample 13"))) {
            Numbers numbers = new Numbers(40);
            numbers.failure = failure;
            try (BatchStream stream = new BatchPipeline(numbers, new BatchOptions(10, false, 0, true, 2, 2)).epoch(0)) {
                assertThat(stream.next().count()).isEqualTo(10);
                assertThatThrownBy(stream::next).isSameAs(failure);
            }
        }
        assertNoThreadIsLeft();
    }

    @Test
    void closingEndsTheThreadsAndLeavesTheFilesOpen() throws Exception {
        try (Dataset records = TfRecordDataset.open(List.of(Resources.records()), Optional.empty())) {
            Dataset many =
                    records.select(IntStream.range(0, 400).map(i -> i % 2).toArray());
            for (int i = 0; i < 5; i++) {
                try (BatchStream stream = new BatchPipeline(many, new BatchOptions(20, true, i, true, 4, 8)).epoch(0)) {
                    stream.next();
                }
                assertNoThreadIsLeft();
            }
            assertThat(Sample.of(many, 399).label()).isOne();
        }
    }

    @Test
    void videosThatStandStillRepeatTheImage() throws IOException {
        Dataset video = new Numbers(4).repeated(3);
        assertThat(video.input()).isEqualTo(ImageInput.video(3, 1, 1));
        try (BatchStream stream = new BatchPipeline(video, BatchOptions.evaluation(2)).at(0, 1)) {
            assertThat(stream.next().images()).containsExactly(2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3);
        }
    }

    private static List<Integer> labels(BatchStream stream) throws IOException {
        List<Integer> labels = new ArrayList<>();
        try (stream) {
            while (stream.hasNext()) {
                Batch batch = stream.next();
                Arrays.stream(batch.labels()).forEach(labels::add);
                assertThat(Sample.of(batch)).allMatch(sample -> sample.values().get(0) == sample.label());
            }
        }
        return labels;
    }

    private static void assertNoThreadIsLeft() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("portolan-data")) {
                // The thread has no more work, but may not have ended yet.
                thread.join(1000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    /** Sample i is one pixel of value i with label i. */
    private static final class Numbers implements Dataset {
        private final AtomicInteger loaded = new AtomicInteger();
        private final int size;
        private volatile Exception failure;

        Numbers(int size) {
            this.size = size;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public ImageInput input() {
            return ImageInput.still(1, 1);
        }

        @Override
        public int load(int index, float[] target, int offset) throws IOException {
            if (failure instanceof IOException checked && index == 13) {
                throw checked;
            }
            if (failure instanceof RuntimeException unchecked && index == 13) {
                throw unchecked;
            }
            loaded.incrementAndGet();
            Arrays.fill(target, offset, offset + 3, index);
            return index;
        }
    }
}
