package io.portolan.converter.export;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file to be written as a whole or not at all: the bytes go to a file beside it, which then takes its name. What is
 * wrong with the place is found out before the work whose result it shall hold.
 */
public final class OutputFile {
    private final Path path;
    private final boolean replace;

    private OutputFile(Path path, boolean replace) {
        this.path = path;
        this.replace = replace;
    }

    /**
     * Makes sure that the file can be written.
     *
     * @param replace whether a file of that name may be overwritten
     * @throws IOException if there is such a file and it may not, or the folder is missing or not writable; the message
     *     says what to do
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
            throw new FileAlreadyExistsException(path + ": exists already; give another name, or --force to replace it");
        }
        try {
            Files.delete(temporary(folder, path));
        } catch (IOException refused) {
            throw new IOException(path + ": the folder " + folder + " cannot be written to", refused);
        }
        return new OutputFile(path, replace);
    }

    /** Writes the file. If that fails, a file that was there before is there still, and nothing else is. */
    public void write(byte[] content) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Path beside = temporary(folder, path);
        try {
            Files.write(beside, content);
            if (replace) {
                Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.move(beside, path);
            }
        } catch (IOException failure) {
            throw new IOException(path + ": could not be written (" + failure.getMessage() + ")", failure);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /** Not Files.createTempFile, which hides the file from everybody but its owner, and the finished file with it. */
    private static Path temporary(Path folder, Path path) throws IOException {
        return Files.createFile(folder.resolve("." + path.getFileName() + "." + UUID.randomUUID() + ".part"));
    }
}
