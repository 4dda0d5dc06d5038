package io.portolan.graphs.data;

import io.portolan.graphs.data.error.DatasetException;
import java.io.IOException;
import java.util.Arrays;

/** Iterates over a data set while threads load the following samples. */
final class SampleLoop {
    private static final int BATCH = 8;

    private SampleLoop() {}

    /** Passes every sample to the consumer, in order. */
    static void run(Dataset dataset, Runnable progress, Consumer consumer) throws IOException {
        int sample = dataset.sampleSize();
        int index = 0;
        try (BatchStream batches = new BatchPipeline(dataset, BatchOptions.evaluation(BATCH)).epoch(0)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                for (int i = 0; i < batch.count(); i++) {
                    consumer.accept(
                            index++,
                            Arrays.copyOfRange(batch.images(), i * sample, (i + 1) * sample),
                            batch.labels()[i]);
                    progress.run();
                }
            }
        }
    }

    /** The 8-bit image that a sample was made from, for formats that can store nothing else. */
    static byte[] grey(int index, float[] values) throws DatasetException {
        return GreyLevels.exact(values)
                .orElseThrow(() -> new DatasetException("sample " + index
                        + " was not made from an 8-bit grey image; expected one, or tfrecord as the format to write"));
    }

    @FunctionalInterface
    interface Consumer {
        void accept(int index, float[] values, int label) throws IOException;
    }
}
