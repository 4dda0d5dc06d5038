package io.portolan.checkpoints.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file to be written as a whole or not at all: the bytes go to a {@linkplain StagedFiles staged file}, and from there to the
 * disk; then it takes its name. So at any moment, a power cut included, the old or the new content is there. What is wrong with the
 * place is found out before the work whose result it shall hold.
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
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": is a folder; expected the name of a file to write");
        }
        if (Files.exists(path) && !replace) {
            throw new ExistingFileException(path);
        }
        StagedFiles.beside(path, replace).close();
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
        try (StagedFiles staged = StagedFiles.beside(path, replace)) {
            publish(content, staged);
        }
    }

    private void publish(Content content, StagedFiles staged) throws IOException {
        try {
            try (FileChannel channel =
                            FileChannel.open(staged.path(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            staged.publish();
        } catch (IOException failure) {
            boolean explainsItself =
                    failure.getClass() != IOException.class && !(failure instanceof FileSystemException);
            throw explainsItself
                    ? failure
                    : new IOException(path + ": could not be written (" + failure.getMessage() + ")", failure);
        }
    }
}
