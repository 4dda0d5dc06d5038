package io.portolan.graphs.data;

import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.tfrecord.ImageExample;
import io.portolan.graphs.data.tfrecord.TfRecordWriter;
import io.portolan.images.ImageInput;
import io.portolan.images.InputLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Writes shards with the folders, names, sizes and order of the reference's {@code convert_pathfinder_tfrecords.py}.
 */
final class TfRecordFolderWriter {
    private static final int SHARD = 5000;

    private TfRecordFolderWriter() {}

    static void write(DatasetSplits data, Path target, Runnable progress) throws IOException {
        ImageInput input = data.all().input();
        if (input.layout() != InputLayout.NHWC || input.height() != input.width()) {
            throw new DatasetException("the reference's TFRecords hold square still images, not " + input.frames()
                    + " frames of " + input.height() + "x" + input.width() + "; give a size");
        }
        Path folder = target.resolve(TfRecordFolder.DIFFICULTY_PREFIX + data.difficulty());
        Map<Split, Integer> samples = new EnumMap<>(Split.class);
        Map<Split, Integer> shards = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            Dataset part = data.part(split);
            samples.put(split, part.size());
            if (part.size() > 0) {
                Path own = Files.createDirectories(folder.resolve(split.label()));
                try (Shards files = new Shards(own, input)) {
                    SampleLoop.run(part, progress, files);
                    shards.put(split, files.count);
                }
            }
        }
        new DatasetMetadata(data.difficulty(), OptionalInt.of(input.height()), samples)
                .write(folder, ReferenceSplit.SEED, shards);
    }

    /** The files of one split. */
    private static final class Shards implements SampleLoop.Consumer, Closeable {
        private final Path folder;
        private final ImageInput input;
        private TfRecordWriter current;
        private int count;

        Shards(Path folder, ImageInput input) {
            this.folder = folder;
            this.input = input;
        }

        @Override
        public void accept(int index, float[] values, int label) throws IOException {
            if (index % SHARD == 0) {
                close();
                current = TfRecordWriter.create(
                        folder.resolve(String.format(Locale.ROOT, "shard_%05d.tfrecord", count++)));
            }
            current.write(ImageExample.of(input.height(), input.width(), label, values)
                    .toBytes());
        }

        @Override
        public void close() throws IOException {
            if (current != null) {
                current.close();
            }
        }
    }
}
