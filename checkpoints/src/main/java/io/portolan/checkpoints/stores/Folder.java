package io.portolan.checkpoints.stores;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A folder of files, on disk or in an archive. Its keys are the paths of all files below it. */
public interface Folder extends Store {
    /** Its own name, without the path to it; empty for the top of an archive. */
    String ownName();

    /** The names of the files and folders directly in it, sorted. */
    List<String> names() throws IOException;

    /** The folder of this name directly in it; empty if there is none, or a file. */
    Optional<Folder> folder(String name) throws IOException;

    /** All files below it, in the order of their paths. */
    List<StoredValue> files() throws IOException;
}
