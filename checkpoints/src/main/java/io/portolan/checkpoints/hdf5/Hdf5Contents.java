package io.portolan.checkpoints.hdf5;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an HDF5 file holds.
 *
 * @param arrays groups as dictionaries of arrays
 * @param texts the attributes of groups that are texts: by the path of the group, empty for the file itself, and the attribute's name
 */
public record Hdf5Contents(Map<String, Object> arrays, Map<String, Map<String, List<String>>> texts) {
    /** The group or array at a path such as {@code layers/dense/vars/0}; a path that leads out of the file's groups finds nothing. */
    public Optional<Object> at(String path) {
        Object place = arrays;
        for (String part : path.split("/")) {
            place = place instanceof Map<?, ?> group ? group.get(part) : null;
        }
        return Optional.ofNullable(place);
    }
}
