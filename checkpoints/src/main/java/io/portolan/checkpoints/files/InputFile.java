package io.portolan.checkpoints.files;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Access to input files, which must be regular. Opening a pipe blocks until somebody writes to it, and reading a device
 * may never end.
 */
public final class InputFile {
    private InputFile() {}

    /**
     * Returns the path if it is that of a regular file, a folder, or a link to one.
     *
     * @throws java.nio.file.NoSuchFileException if it does not exist
     * @throws IOException if it is a pipe, a socket or a device, which is not opened
     */
    public static Path require(Path path) throws IOException {
        if (Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
            throw new IOException(path
                    + ": is a pipe, a socket or a device; expected a plain file: write what it gives to one first");
        }
        return path;
    }

    /**
     * Reads a UTF-8 text file.
     *
     * @param longest largest size in bytes
     * @throws IOException if it cannot be read, is longer, or is not UTF-8
     */
    public static String text(Path path, int longest) throws IOException {
        long size = Files.size(require(path));
        if (size > longest) {
            throw new IOException(path + ": has " + size + " bytes; expected at most " + longest);
        }
        try {
            return Files.readString(path);
        } catch (CharacterCodingException malformed) {
            throw new IOException(path + ": is not a UTF-8 text", malformed);
        }
    }
}
