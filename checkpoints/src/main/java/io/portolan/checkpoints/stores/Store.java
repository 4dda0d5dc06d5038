package io.portolan.checkpoints.stores;

import java.io.IOException;
import java.util.Optional;

/** Values by key: the files of a folder by their paths, the entries of an archive, or the contents of a database. */
public interface Store {
    /** The store's name in errors. */
    String name();

    /**
     * The value of a key, of which nothing is read yet; empty if there is none.
     *
     * @param key a path with slashes, relative to the store
     * @throws io.portolan.checkpoints.values.CheckpointException if the key would lead out of the store
     */
    Optional<StoredValue> find(String key) throws IOException;
}
