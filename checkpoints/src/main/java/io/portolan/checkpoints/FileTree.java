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

    /** Creates a tree, with any tagged values decoded. */
    static FileTree of(String file, Object root) throws CheckpointException {
        if (!(root instanceof Map<?, ?> map) || !(map.get(TAGGED) instanceof Map<?, ?> tagged)) {
            return new FileTree(root, Map.of(), false);
        }
        Map<Object, Object> others = new LinkedHashMap<>(map);
        others.remove(TAGGED);
        return new FileTree(others, decode(file, tagged, Map.of()), true);
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
