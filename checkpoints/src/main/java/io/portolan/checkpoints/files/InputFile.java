package io.portolan.checkpoints.files;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Files to be read: plain ones. To open a pipe waits for somebody to write into it, and a device may never end. */
public final class InputFile {
    private InputFile() {}

    /**
     * The same path, of a plain file, a folder, or a link to one of them.
     *
     * @throws java.nio.file.NoSuchFileException if there is nothing
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
     * The text of a file in UTF-8.
     *
     * @param longest the most bytes that it may have
     * @throws IOException also if it is longer or no such text
     */
    public static String text(Path path, int longest) throws IOException {
        long size = Files.size(require(path));
        if (size > longest) {
            throw new IOException(path + ": has " + size + " bytes; expected at most " + longest);
        }
        try {
            return Files.readString(path);
        } catch (CharacterCodingException malformed) {
            throw new IOException(path + ": is no text in UTF-8", malformed);
        }
    }
}
