package io.portolan.graphs.data;

import io.portolan.graphs.config.ImageSize;
import io.portolan.graphs.data.error.DatasetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The locations of a data set's shards. The reference's scripts write {@code train/shard_00000.tfrecord} and
 * {@code pathfinder_train_00000.tfrecord}; within the folder of a split any name is accepted, and shards are read in
 * the order of names.
 *
 * @param folder the folder of the difficulty
 * @param shards the shards of each split that has any; empty if the files belong to no split
 * @param unsplit files that belong to no split
 * @param metadata the folder's metadata, if there is any
 */
record TfRecordFolder(
        Path folder, Map<Split, List<Path>> shards, List<Path> unsplit, Optional<DatasetMetadata> metadata) {
    static final String DIFFICULTY_PREFIX = "difficulty_";
    static final String SUFFIX = ".tfrecord";

    /** Whether a folder holds shards, or the folder of a difficulty that does. */
    static boolean matches(Path folder) throws IOException {
        return holdsShards(folder)
                || !Folders.starting(folder, DIFFICULTY_PREFIX).isEmpty();
    }

    /**
     * Finds the shards of a data set.
     *
     * @param path the folder of a difficulty, or its parent if that holds only one
     * @throws DatasetException if there are none, or several difficulties
     */
    static TfRecordFolder locate(Path path) throws IOException {
        Path folder = holdsShards(path) ? path : Folders.onlyOne(path, DIFFICULTY_PREFIX);
        Map<Split, List<Path>> shards = new EnumMap<>(Split.class);
        for (Split split : Split.values()) {
            List<Path> found = shards(folder, split);
            if (!found.isEmpty()) {
                shards.put(split, found);
            }
        }
        List<Path> unsplit = shards.isEmpty() ? files(folder) : List.of();
        if (shards.isEmpty() && unsplit.isEmpty()) {
            throw new DatasetException(
                    folder + ": holds no " + SUFFIX + " files; expected them in train, val and test");
        }
        return new TfRecordFolder(folder, shards, unsplit, DatasetMetadata.read(folder));
    }

    /** @throws DatasetException if the metadata contradicts the records, as after an interrupted conversion */
    void requireAsDescribed(Split split, TfRecordDataset part) throws DatasetException {
        if (metadata.isEmpty()) {
            return;
        }
        Integer samples = metadata.get().samples().get(split);
        if (samples != null && samples != part.size()) {
            throw new DatasetException(folder + ": " + DatasetMetadata.FILE + " lists " + samples + " samples in "
                    + split.label() + ", but the shards hold " + part.size() + "; is a shard missing?");
        }
        OptionalInt side = metadata.get().imageSize();
        if (side.isPresent() && !part.stored().equals(new ImageSize(side.getAsInt(), side.getAsInt()))) {
            throw new DatasetException(
                    folder + ": " + DatasetMetadata.FILE + " says " + side.getAsInt() + " pixels, but the images in "
                            + split.label() + " have " + part.stored().label());
        }
    }

    private static boolean holdsShards(Path folder) throws IOException {
        for (Split split : Split.values()) {
            if (!shards(folder, split).isEmpty()) {
                return true;
            }
        }
        return !files(folder).isEmpty();
    }

    private static List<Path> shards(Path folder, Split split) throws IOException {
        List<Path> inOwnFolder = files(folder.resolve(split.label()));
        if (!inOwnFolder.isEmpty()) {
            return inOwnFolder;
        }
        Pattern name = Pattern.compile(".*_" + split.label() + "_\\d+" + Pattern.quote(SUFFIX));
        return files(folder).stream()
                .filter(file -> name.matcher(file.getFileName().toString()).matches())
                .toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> content = Files.list(folder)) {
            return content.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }
}
