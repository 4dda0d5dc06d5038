package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The contents of a file before they are assigned to parameters, statistics and metadata.
 *
 * @param root the file's value: dictionaries, lists, inert objects and arrays
 * @param metadata entries that Portolan encoded because the format cannot represent them
 * @param marked whether the file has Portolan's mark, so that the parameters need not be searched for
 */
record FileTree(Object root, Map<String, Object> metadata, boolean marked) {
    /** The top-level key of a pickle or MessagePack file that holds {@link TaggedValues}. */
    static final String TAGGED = "portolan.metadata";

    /** The top-level key of a pickle or MessagePack file that holds the structures of trees as JSON. */
    static final String STRUCTURE = "portolan.structure";

    /** numpy's name for an array that was saved without one. */
    private static final String UNNAMED = "arr_0";

    /** Creates a tree, with any tagged values decoded. */
    static FileTree of(String file, Object root) throws CheckpointException {
        if (root instanceof ArrayData array) {
            return new FileTree(Map.of(UNNAMED, array), Map.of(), false);
        }
        if (!(root instanceof Map<?, ?> map)
                || !(map.get(TAGGED) instanceof Map || map.get(STRUCTURE) instanceof String)) {
            return new FileTree(root, Map.of(), false);
        }
        Map<Object, Object> others = new LinkedHashMap<>(map);
        Map<String, Object> metadata =
                others.get(TAGGED) instanceof Map<?, ?> tagged ? decode(file, tagged, Map.of()) : Map.of();
        if (others.get(STRUCTURE) instanceof String json) {
            Map<?, ?> structures = Json.readObject(file, json);
            for (Map.Entry<?, ?> structure : structures.entrySet()) {
                others.put(
                        structure.getKey(),
                        StoredTree.restored(file, others.get(structure.getKey()), structure.getValue()));
            }
            others.remove(STRUCTURE);
        }
        others.remove(TAGGED);
        return new FileTree(others, metadata, true);
    }

    /** Decodes metadata entries, whose arrays are looked up by name. */
    static Map<String, Object> decode(String file, Map<?, ?> tagged, Map<String, ArrayData> arrays)
            throws CheckpointException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : tagged.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw new CheckpointException(
                        file + ": metadata with a key that is " + PlainValues.kind(entry.getKey()) + ": expected text");
            }
            try {
                metadata.put(key, TaggedValues.decode(entry.getValue(), arrays::get));
            } catch (CheckpointException wrong) {
                throw new CheckpointException(file + ": " + wrong.getMessage(), wrong);
            }
        }
        return metadata;
    }
}
