package io.portolan.checkpoints.ocdbt;

import io.portolan.checkpoints.stores.Store;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The databases that the processes of a program wrote, each with its own chunks, before they are merged to one. What
 * several of them hold must be the same.
 *
 * @param name the union's name in errors
 * @param databases the databases
 */
public record DatabaseUnion(String name, List<OcdbtDatabase> databases) implements Store {

    @Override
    public Optional<StoredValue> find(String key) throws IOException {
        Optional<StoredValue> found = Optional.empty();
        for (OcdbtDatabase database : databases) {
            Optional<StoredValue> other = database.find(key);
            if (found.isPresent() && other.isPresent() && !isSame(found.get(), other.get())) {
                throw new CheckpointException(found.get().name() + " and "
                        + other.get().name() + " differ: expected the same value in the databases of all processes");
            }
            found = found.or(() -> other);
        }
        return found;
    }

    private static boolean isSame(StoredValue one, StoredValue other) throws IOException {
        return one.size() == other.size()
                && one.read(ByteRegion.LONGEST_BUFFER).equals(other.read(ByteRegion.LONGEST_BUFFER));
    }
}
