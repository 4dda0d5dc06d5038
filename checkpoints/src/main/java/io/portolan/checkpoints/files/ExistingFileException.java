package io.portolan.checkpoints.files;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** There is a file already where one is to be written, and it may not be overwritten. */
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
