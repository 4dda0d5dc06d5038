package io.portolan.graphs.data;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import io.portolan.graphs.data.tfrecord.ImageExample;
import io.portolan.graphs.data.tfrecord.TfRecordFile;
import io.portolan.images.ImageInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Samples in TFRecord files, in the order of the files and of the records in them. */
public final class TfRecordDataset implements Dataset {
    private final List<TfRecordFile> shards;
    private final ImageSize stored;
    private final Optional<GreyInput> resized;

    private TfRecordDataset(List<TfRecordFile> shards, ImageSize stored, Optional<GreyInput> resized) {
        this.shards = shards;
        this.stored = stored;
        this.resized = resized;
    }

    /**
     * Opens files and indexes their records.
     *
     * @param files at least one
     * @param size size to which images are resized, which is possible if they were made from 8-bit grey images as in
     *     the reference; if empty, they keep their stored size
     * @throws DatasetException if a file is damaged, or there are no records
     */
    public static TfRecordDataset open(List<Path> files, Optional<ImageSize> size) throws IOException {
        List<TfRecordFile> shards = new ArrayList<>();
        try {
            for (Path file : files) {
                shards.add(TfRecordFile.open(file));
            }
            TfRecordFile first = shards.stream()
                    .filter(shard -> shard.size() > 0)
                    .findFirst()
                    .orElseThrow(() -> new DatasetException(files.get(0) + ": holds no records"));
            ImageExample example = ImageExample.parse(first.read(0), first.place(0));
            ImageSize stored = new ImageSize(example.height(), example.width());
            return new TfRecordDataset(
                    List.copyOf(shards),
                    stored,
                    size.filter(wanted -> !wanted.equals(stored))
                            .map(wanted -> new GreyInput(ImageInput.still(wanted.height(), wanted.width()))));
        } catch (IOException | RuntimeException failure) {
            closeAll(shards);
            throw failure;
        }
    }

    /** The size in which the images are stored. */
    ImageSize stored() {
        return stored;
    }

    @Override
    public int size() {
        return shards.stream().mapToInt(TfRecordFile::size).reduce(0, Math::addExact);
    }

    @Override
    public ImageInput input() {
        return resized.map(GreyInput::input).orElse(ImageInput.still(stored.height(), stored.width()));
    }

    @Override
    public int load(int index, float[] target, int offset) throws IOException {
        int within = Objects.checkIndex(index, size());
        int shard = 0;
        while (within >= shards.get(shard).size()) {
            within -= shards.get(shard).size();
            shard++;
        }
        String place = shards.get(shard).place(within);
        ImageExample example = ImageExample.parse(shards.get(shard).read(within), place);
        if (example.height() != stored.height() || example.width() != stored.width()) {
            throw new DatasetException(place + ": " + example.height() + "x" + example.width() + " pixels; expected "
                    + stored.label() + " as in the first record");
        }
        if (resized.isEmpty()) {
            example.values(target, offset);
        } else {
            resize(example, place, target, offset);
        }
        return example.label();
    }

    @Override
    public void close() throws IOException {
        closeAll(shards);
    }

    private void resize(ImageExample example, String place, float[] target, int offset) throws DatasetException {
        float[] values = new float[stored.height() * stored.width() * ImageInput.CHANNELS];
        example.values(values, 0);
        byte[] pixels = GreyLevels.exact(values)
                .orElseThrow(() -> new DatasetException(
                        place + ": was not made from an 8-bit grey image and cannot be resized; leave the size at "
                                + stored.label()));
        resized.orElseThrow().load(pixels, stored.height(), stored.width(), target, offset);
    }

    private static void closeAll(List<TfRecordFile> shards) throws IOException {
        for (TfRecordFile shard : shards) {
            shard.close();
        }
    }
}
