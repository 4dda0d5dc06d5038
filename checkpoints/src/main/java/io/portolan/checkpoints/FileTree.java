package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a file holds, before it is known what is what.
 *
 * @param root the file's value: dictionaries, lists, inert objects and arrays
 * @param metadata entries that Portolan wrote in a form of its own, since the format has none for them
 * @param marked whether Portolan wrote it with a mark of its own, so that the parameters need no search
 */
record FileTree(Object root, Map<String, Object> metadata, boolean marked) {
    /** The top-level key of a pickle or MessagePack file under which {@link TaggedValues} stand. */
    static final String TAGGED = "portolan.metadata";

    /** A tree whose tagged values, if there are any, are decoded. */
    static FileTree of(String file, Object root) throws CheckpointException {
        if (!(root instanceof Map<?, ?> map) || !(map.get(TAGGED) instanceof Map<?, ?> tagged)) {
            return new FileTree(root, Map.of(), false);
        }
        Map<Object, Object> others = new LinkedHashMap<>(map);
        others.remove(TAGGED);
        return new FileTree(others, decode(file, tagged, Map.of()), true);
    }

    /** Decodes entries of metadata, whose arrays stand under their names. */
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
