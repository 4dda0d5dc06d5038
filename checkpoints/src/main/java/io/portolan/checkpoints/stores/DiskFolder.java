package io.portolan.checkpoints.stores;

import io.portolan.checkpoints.files.InputFile;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder on disk. Links within it may not lead out of it, and pipes and devices are not opened. */
public final class DiskFolder implements Folder {
    private static final int MOST_FILES = 2_000_000;

    private final Path path;

    /** The folder that all files must be in, without links. */
    private final Path top;

    private DiskFolder(Path path, Path top) {
        this.path = path;
        this.top = top;
    }

    /** Opens a folder, which may be given by a link. */
    public static DiskFolder open(Path folder) throws IOException {
        return new DiskFolder(folder, folder.toRealPath());
    }

    /** A file on disk as a value. */
    public static StoredValue file(Path file) throws IOException {
        return new FileValue(file, Files.size(InputFile.require(file)));
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public String ownName() {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? "" : last.toString();
    }

    @Override
    public Optional<StoredValue> find(String key) throws IOException {
        Path file = path.resolve(RelativePath.require(name(), key));
        if (!Files.exists(file) || Files.isDirectory(file)) {
            return Optional.empty();
        }
        return Optional.of(value(file));
    }

    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> children = Files.list(path)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public Optional<Folder> folder(String name) throws IOException {
        Path below = path.resolve(RelativePath.require(name(), name));
        return Files.isDirectory(below) ? Optional.of(new DiskFolder(requireBelow(below), top)) : Optional.empty();
    }

    @Override
    public List<StoredValue> files() throws IOException {
        List<StoredValue> files = new ArrayList<>();
        try (Stream<Path> below = Files.walk(path)) {
            for (Path file : (Iterable<Path>)
                    below.filter(found -> !Files.isDirectory(found)).sorted().limit(MOST_FILES + 1L)::iterator) {
                files.add(value(file));
            }
        }
        if (files.size() > MOST_FILES) {
            throw new CheckpointException(name() + ": more than " + MOST_FILES + " files: expected a checkpoint");
        }
        return files;
    }

    private StoredValue value(Path file) throws IOException {
        return file(requireBelow(file));
    }

    private Path requireBelow(Path file) throws IOException {
        if (!file.toRealPath().startsWith(top)) {
            throw new CheckpointException(file + ": a link that leads out of " + top
                    + ": expected files of the checkpoint's own folder; if they are to be trusted, copy it with the files"
                    + " that its links mean (cp -rL)");
        }
        return file;
    }

    /** A file, whose larger parts are memory-mapped. It must not be modified while they are in use. */
    private record FileValue(Path file, long size) implements StoredValue {
        /** The size in bytes from which a mapping pays. */
        private static final int MAPPED = 1 << 16;

        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public ByteBuffer read(long offset, int length) throws IOException {
            requireWithin(name(), offset, length);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                if (length >= MAPPED) {
                    return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
                }
                ByteBuffer bytes = ByteBuffer.allocate(length);
                while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {}
                if (bytes.hasRemaining()) {
                    throw new CheckpointException(
                            name() + ": the file ends early, at byte " + (offset + bytes.position()) + ": expected "
                                    + size + " bytes; it was changed while it was read");
                }
                return bytes.flip();
            }
        }
    }
}
