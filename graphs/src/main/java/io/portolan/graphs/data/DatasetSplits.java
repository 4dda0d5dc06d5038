package io.portolan.graphs.data;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A data set with its training, validation and test parts: the stored ones if there are any, otherwise those of the
 * reference's split.
 */
public final class DatasetSplits implements Closeable {
    private final String difficulty;
    private final Dataset all;
    private final Map<Split, Dataset> parts;

    private DatasetSplits(String difficulty, Dataset all, Map<Split, Dataset> parts) {
        this.difficulty = difficulty;
        this.all = all;
        this.parts = parts;
    }

    /**
     * Opens a data set in any layout: a folder of PNG files, a folder of TFRecord shards or one such file, or
     * {@code .npz}.
     *
     * @param size size to which images are resized; if empty, they keep their stored size
     * @throws IOException if the data set does not exist or is damaged; the message says what was expected
     */
    public static DatasetSplits open(Path path, Optional<ImageSize> size) throws IOException {
        if (Files.isDirectory(path)) {
            if (TfRecordFolder.matches(path)) {
                return shards(TfRecordFolder.locate(path), size);
            }
            if (PngFolder.matches(path)) {
                PngFolder images = PngFolder.open(path, size);
                return of(images, images.difficulty());
            }
            throw new DatasetException(
                    path + ": holds no data set; expected imgs/neg and imgs/pos with PNG files, or train, val"
                            + " and test with TFRecord files");
        }
        String name = path.getFileName().toString();
        if (name.endsWith(TfRecordFolder.SUFFIX)) {
            return of(TfRecordDataset.open(List.of(path), size), Folders.UNKNOWN);
        }
        if (name.endsWith(".npz")) {
            return of(NpzDataset.open(path, size), Folders.UNKNOWN);
        }
        if (!Files.exists(path)) {
            throw new DatasetException(path + ": no such file or folder");
        }
        throw new DatasetException(
                path + ": not a data set; expected a folder, or a file that ends in .npz or " + TfRecordFolder.SUFFIX);
    }

    /** Splits a data set as the reference does. Closing the result closes the data set. */
    public static DatasetSplits of(Dataset all, String difficulty) {
        ReferenceSplit split = ReferenceSplit.of(all.size());
        Map<Split, Dataset> parts = new EnumMap<>(Split.class);
        for (Split part : Split.values()) {
            parts.put(part, all.select(split.indices(part)));
        }
        return new DatasetSplits(difficulty, all, parts);
    }

    /** Name of the difficulty, such as {@code 14}, from the metadata or a folder's name. */
    public String difficulty() {
        return difficulty;
    }

    /** The same data set with another name of its difficulty; closing either closes both. */
    public DatasetSplits named(String newDifficulty) {
        return new DatasetSplits(newDifficulty, all, parts);
    }

    /** All samples; if the data set is stored in parts, those of training, validation and test in that order. */
    public Dataset all() {
        return all;
    }

    /** The samples of one part, which may be empty. */
    public Dataset part(Split split) {
        return parts.get(split);
    }

    @Override
    public void close() throws IOException {
        all.close();
    }

    private static DatasetSplits shards(TfRecordFolder found, Optional<ImageSize> size) throws IOException {
        String difficulty = found.metadata()
                .map(DatasetMetadata::difficulty)
                .filter(name -> !name.isEmpty())
                .orElseGet(() -> Folders.difficulty(found.folder(), TfRecordFolder.DIFFICULTY_PREFIX));
        if (found.shards().isEmpty()) {
            return of(TfRecordDataset.open(found.unsplit(), size), difficulty);
        }
        List<Dataset> opened = new ArrayList<>();
        try {
            Map<Split, Dataset> parts = new EnumMap<>(Split.class);
            for (Split split : found.shards().keySet()) {
                TfRecordDataset part = TfRecordDataset.open(found.shards().get(split), size);
                opened.add(part);
                found.requireAsDescribed(split, part);
                parts.put(split, part);
            }
            Dataset all = new JoinedDatasets(opened);
            for (Split split : Split.values()) {
                parts.putIfAbsent(split, all.select(new int[0]));
            }
            return new DatasetSplits(difficulty, all, parts);
        } catch (IOException | RuntimeException failure) {
            for (Dataset part : opened) {
                part.close();
            }
            throw failure;
        }
    }
}
