package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.values.CheckpointException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The keys that lead to a leaf of a tree.
 *
 * @param keys the keys, the outermost first
 */
record LeafPath(List<Key> keys) {
    private static final int DEEPEST = 64;

    /** The types of keys in a tree's metadata. */
    private static final Long SEQUENCE = 1L;

    private static final Long DICTIONARY = 2L;

    /**
     * A key.
     *
     * @param name the key of a dictionary, or the digits of an index
     * @param isIndex whether it is the index of a list
     */
    record Key(String name, boolean isIndex) {}

    /** Reads the keys of an entry. Its name, which lists them too, is never parsed, since a key may hold anything. */
    static LeafPath of(JsonDocument json, String entry, Object member) throws CheckpointException {
        List<Key> keys = new ArrayList<>();
        for (Object item : json.list("key_metadata of " + entry, member)) {
            Map<?, ?> key = json.object("a key of " + entry, item);
            Object type = key.get("key_type");
            if (!SEQUENCE.equals(type) && !DICTIONARY.equals(type)) {
                throw json.wrong("key_type of " + entry, type, "1 (index) or 2 (key)");
            }
            keys.add(new Key(json.text("a key of " + entry, key.get("key")), SEQUENCE.equals(type)));
        }
        if (keys.isEmpty() || keys.size() > DEEPEST) {
            throw json.wrong(
                    "key_metadata of " + entry,
                    keys.size() + " keys",
                    "1 to " + DEEPEST + "; an array alone is saved as an entry of a dictionary");
        }
        return new LeafPath(List.copyOf(keys));
    }

    /** The leaf's name, under which its value is stored: the keys joined by dots. */
    String name() {
        return keys.stream().map(Key::name).collect(Collectors.joining("."));
    }
}
