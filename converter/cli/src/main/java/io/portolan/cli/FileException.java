package io.portolan.cli;

import java.nio.file.Path;

/** A failure that is caused by the content of a file; adds the file's name to the message of the cause. */
final class FileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FileException(Path file, Exception cause) {
        super(file.toString(), cause);
    }
}
