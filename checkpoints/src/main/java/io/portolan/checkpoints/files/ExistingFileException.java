package io.portolan.checkpoints.files;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** Thrown if a file exists already and may not be overwritten. */
public final class ExistingFileException extends FileAlreadyExistsException {
    private static final long serialVersionUID = 1;

    public ExistingFileException(Path path) {
        super(path.toString(), null, "exists already, and is not to be replaced; give another name");
    }

    @Override
    public String getMessage() {
        return getFile() + ": " + getReason();
    }
}
