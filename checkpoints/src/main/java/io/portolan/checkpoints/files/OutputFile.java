package io.portolan.checkpoints.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that is written atomically: the bytes go to a temporary file in the same folder, which is synced to disk and
 * then renamed. So at any moment, even after a power failure, either the old or the new content exists. Problems with
 * the target are reported before the work starts.
 */
public final class OutputFile {
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final boolean replace;

    private OutputFile(Path path, boolean replace) {
        this.path = path;
        this.replace = replace;
    }

    /** A writer of the file's content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Checks that the file can be written.
     *
     * @param replace whether a file of that name may be overwritten
     * @throws IOException if the file exists and may not be overwritten, or the folder is missing or not writable; the
     *     message says what to do
     */
    public static OutputFile at(Path path, boolean replace) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(path)) {
            throw new IOException(path + ": is a folder; expected the name of a file to write");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException(path + ": the folder " + folder + " does not exist; create it first");
        }
        if (Files.exists(path) && !replace) {
            throw new ExistingFileException(path);
        }
        try {
            Files.delete(Files.createFile(temporary(path)));
        } catch (IOException refused) {
            throw new IOException(path + ": the folder " + folder + " cannot be written to", refused);
        }
        return new OutputFile(path, replace);
    }

    /** Writes a file, replacing an existing one. */
    public static void replace(Path path, Content content) throws IOException {
        at(path, true).write(content);
    }

    /** Writes the file. If that fails, an existing file is unchanged, and no other file is left. */
    public void write(byte[] content) throws IOException {
        write(out -> out.write(content));
    }

    /**
     * Writes the file. If that fails, an existing file is unchanged, and no other file is left.
     *
     * @throws IOException the content's own exception, if it is of a subclass; any other is wrapped with the file's
     *     name
     */
    public void write(Content content) throws IOException {
        Path beside = temporary(path);
        try {
            try (FileChannel channel =
                            FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            if (replace) {
                Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.move(beside, path);
            }
        } catch (IOException failure) {
            boolean explainsItself =
                    failure.getClass() != IOException.class && !(failure instanceof FileSystemException);
            throw explainsItself
                    ? failure
                    : new IOException(path + ": could not be written (" + failure.getMessage() + ")", failure);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /** Does not use Files.createTempFile, which makes the file, and so the finished one, readable by its owner only. */
    private static Path temporary(Path path) {
        Path target = path.toAbsolutePath();
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
    }
}
