package io.portolan.checkpoints.hdf5;

import java.util.List;
import java.util.Map;

/**
 * What an HDF5 file holds.
 *
 * @param arrays groups as dictionaries of arrays
 * @param texts the attributes of groups that are texts: by the path of the group, empty for the file itself, and the attribute's name
 */
public record Hdf5Contents(Map<String, Object> arrays, Map<String, Map<String, List<String>>> texts) {}
