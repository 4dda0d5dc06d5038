package io.portolan.checkpoints;

import io.portolan.checkpoints.containers.Containers;
import io.portolan.checkpoints.containers.MappedFile;
import io.portolan.checkpoints.files.OutputFile;
import io.portolan.checkpoints.orbax.OrbaxCheckpoint;
import io.portolan.checkpoints.orbax.OrbaxDirectory;
import io.portolan.checkpoints.safetensors.ShardedSafetensors;
import io.portolan.checkpoints.stores.DiskFolder;
import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The entry point for reading and writing checkpoint files. No content of a file is executed, no class is loaded by a
 * name in it, and nothing is extracted to disk.
 */
public final class Checkpoints {
    private static final int BUFFER = 1 << 16;

    /** The bytes of a file that are read at once for its digest. */
    private static final int DIGESTED = 1 << 26;

    /** The bytes at the start of a file by which an index of shards is recognised. */
    private static final int INDEX_HEAD = 1 << 16;

    private static final DetectedFormat SHARDS =
            new DetectedFormat(CheckpointFormat.SAFETENSORS, "safetensors in shards", List.of());

    private Checkpoints() {}

    /** Reads a checkpoint with {@link ReadOptions#defaults()}. */
    public static Checkpoint read(Path file) throws IOException {
        return read(file, ReadOptions.defaults());
    }

    /**
     * Reads a checkpoint in any {@link CheckpointFormat}, bare or in gzip, xz, bzip2, Zstandard, zip or tar, detected
     * from its content; or a directory of Orbax, in an archive or not. A bare file is memory-mapped and its arrays are
     * views of it if possible, and arrays of a directory are read when their elements are asked for, so it must not be
     * modified while they are in use.
     *
     * @throws CheckpointException if the file is not a valid checkpoint; the message says where, and what was expected
     * @throws IOException if the file cannot be read
     */
    public static Checkpoint read(Path file, ReadOptions options) throws IOException {
        return open(file, options).checkpoint();
    }

    /** Like {@link #read(Path, ReadOptions)}, but also returns the format and the place of the parameters. */
    public static OpenedCheckpoint open(Path file, ReadOptions options) throws IOException {
        Optional<Path> index = index(file);
        if (index.isPresent()) {
            requireNoChoice(file, options);
            FileTree tree = SafetensorsForm.read(index.get().toString(), ShardedSafetensors.read(index.get()));
            return opened(index.get().toString(), tree, SHARDS, options);
        }
        Containers.Contents contents = contents(file, options);
        if (contents.folder().isPresent()) {
            OrbaxCheckpoint orbax = orbax(contents, options);
            FileTree tree = new FileTree(orbax.root(), orbax.metadata(), false);
            return opened(contents.name(), tree, format(orbax, contents), options);
        }
        requireNoChoice(file, options);
        DetectedFormat format = format(contents);
        return opened(
                contents.name(), format.format().read(contents.name(), contents.bytes(), options), format, options);
    }

    /**
     * Detects the format of a file, without reading its arrays.
     *
     * @throws CheckpointException if it is neither a checkpoint nor contains one
     */
    public static DetectedFormat detect(Path file) throws IOException {
        if (index(file).isPresent()) {
            return SHARDS;
        }
        ReadOptions options = ReadOptions.defaults();
        Containers.Contents contents = contents(file, options);
        return contents.folder().isPresent() ? format(orbax(contents, options), contents) : format(contents);
    }

    /**
     * Writes a checkpoint to a file, replacing an existing one; see {@link OutputFile}.
     *
     * @throws CheckpointException if the format cannot hold the checkpoint
     */
    public static void write(Checkpoint checkpoint, Path file, CheckpointFormat format) throws IOException {
        OutputFile.replace(file, out -> write(checkpoint, out, format));
    }

    /**
     * Writes a checkpoint to a stream, which stays open. In every format, the round trip preserves parameters, running
     * statistics, epoch, step and metadata.
     *
     * @throws CheckpointException if the format cannot hold the checkpoint
     */
    public static void write(Checkpoint checkpoint, OutputStream out, CheckpointFormat format) throws IOException {
        OutputStream buffered = new BufferedOutputStream(out, BUFFER);
        format.write(checkpoint, buffered);
        buffered.flush();
    }

    /** Like {@link #sha256(Path, ReadOptions)}, with {@link ReadOptions#defaults()}. */
    public static String sha256(Path path) throws IOException {
        return sha256(path, ReadOptions.defaults());
    }

    /**
     * The SHA-256 of a file, as 64 lower-case hexadecimal digits. For a sharded model, given by its index or folder, that of
     * the index followed by the shards in the order of names; for an Orbax directory, that of all files of the step that the
     * options choose, in the order of their paths.
     *
     * @throws CheckpointException if it is a folder without a checkpoint, or the index is malformed
     */
    public static String sha256(Path path, ReadOptions options) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
        for (StoredValue file : files(path, options)) {
            for (long start = 0; start < file.size(); start += DIGESTED) {
                digest.update(file.read(start, (int) Math.min(DIGESTED, file.size() - start)));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Like {@link #size(Path, ReadOptions)}, with {@link ReadOptions#defaults()}. */
    public static long size(Path path) throws IOException {
        return size(path, ReadOptions.defaults());
    }

    /** The size in bytes of the files that {@link #sha256(Path, ReadOptions)} covers. */
    public static long size(Path path, ReadOptions options) throws IOException {
        long size = 0;
        for (StoredValue file : files(path, options)) {
            size += file.size();
        }
        return size;
    }

    private static List<StoredValue> files(Path path, ReadOptions options) throws IOException {
        Optional<Path> index = index(path);
        if (index.isEmpty() && Files.isDirectory(path)) {
            Folder folder = OrbaxDirectory.in(DiskFolder.open(path)).orElseThrow();
            return OrbaxDirectory.files(folder, options.orbax());
        }
        List<StoredValue> files = new ArrayList<>();
        for (Path file : index.isPresent() ? ShardedSafetensors.files(index.get()) : List.of(path)) {
            files.add(DiskFolder.file(file));
        }
        return files;
    }

    /** The index, if the path is that of a sharded model. */
    private static Optional<Path> index(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return CheckpointFolder.index(path);
        }
        return ShardedSafetensors.matches(MappedFile.region(path).head(INDEX_HEAD))
                ? Optional.of(path)
                : Optional.empty();
    }

    private static Containers.Contents contents(Path file, ReadOptions options) throws IOException {
        if (Files.isDirectory(file)) {
            return Containers.Contents.of(DiskFolder.open(file));
        }
        Containers containers = new Containers(
                options.unpacking(),
                head -> CheckpointFormat.ofContent(head).isPresent(),
                archive -> OrbaxDirectory.in(archive).isPresent());
        return containers.open(file.toString(), MappedFile.region(file));
    }

    private static OrbaxCheckpoint orbax(Containers.Contents contents, ReadOptions options) throws IOException {
        Folder folder = contents.folder().orElseThrow();
        return OrbaxDirectory.read(OrbaxDirectory.in(folder).orElseThrow(), options.orbax(), options.unpacking());
    }

    private static void requireNoChoice(Path file, ReadOptions options) throws CheckpointException {
        if (options.orbax().isSpecific()) {
            throw new CheckpointException(file + ": a file without steps and items, of which one is to be read:"
                    + " expected a directory of Orbax, or no choice");
        }
    }

    private static DetectedFormat format(OrbaxCheckpoint orbax, Containers.Contents contents) {
        return new DetectedFormat(CheckpointFormat.ORBAX, orbax.description(), contents.layers());
    }

    private static DetectedFormat format(Containers.Contents contents) throws CheckpointException {
        ByteBuffer bytes = contents.head();
        CheckpointFormat format =
                CheckpointFormat.ofContent(bytes).orElseThrow(() -> ForeignFormat.refusal(contents.name(), bytes));
        return new DetectedFormat(format, format.variant(bytes), contents.layers());
    }

    private static OpenedCheckpoint opened(String name, FileTree tree, DetectedFormat format, ReadOptions options)
            throws CheckpointException {
        CheckpointAssembly.Assembled assembled = CheckpointAssembly.of(name, tree, options.parametersAt());
        return new OpenedCheckpoint(assembled.checkpoint(), format, assembled.parametersAt(), assembled.others());
    }
}
