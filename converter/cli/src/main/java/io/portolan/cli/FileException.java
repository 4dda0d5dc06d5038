package io.portolan.cli;

import java.nio.file.Path;

/** A failure of what was read from a file, named by the cause. */
final class FileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FileException(Path file, Exception cause) {
        super(file.toString(), cause);
    }
}
