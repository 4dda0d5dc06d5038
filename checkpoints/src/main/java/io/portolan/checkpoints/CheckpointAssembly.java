package io.portolan.checkpoints;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Sorts the plain values of a file into a {@link Checkpoint}. */
final class CheckpointAssembly {
    private static final String PARAMETERS = "params";

    private final String file;

    private CheckpointAssembly(String file) {
        this.file = file;
    }

    /**
     * The checkpoint that a file's dictionary describes.
     *
     * @param root the file's value, made of the types that {@link io.portolan.checkpoints.pickle.PickleReader} gives
     * @throws CheckpointException if it is no dictionary with nested dictionaries of arrays under {@code params}
     */
    static Checkpoint of(String file, Object root) throws CheckpointException {
        return new CheckpointAssembly(file).assemble(root);
    }

    private Checkpoint assemble(Object root) throws CheckpointException {
        if (!(root instanceof Map<?, ?> dictionary)) {
            throw error("the file holds " + PlainValues.kind(root), "a dictionary with " + PARAMETERS);
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
            entries.put(text(entry.getKey(), "the file"), entry.getValue());
        }
        if (!entries.containsKey(PARAMETERS)) {
            throw error("no entry " + PARAMETERS + " but " + keys(entries),
                    "a dictionary with " + PARAMETERS + ", as the training script saves it");
        }
        ParameterTree parameters = tree(PARAMETERS, entries.remove(PARAMETERS));
        if (parameters.isEmpty()) {
            throw error(PARAMETERS + " holds no array", "the weights of a model");
        }
        Object statistics = entries.remove("batch_stats");
        return new Checkpoint(
                parameters,
                statistics == null ? ParameterTree.empty() : tree("batch_stats", statistics),
                integer("epoch", entries.remove("epoch")),
                integer("step", entries.remove("step")),
                Collections.unmodifiableMap(entries));
    }

    private ParameterTree tree(String name, Object value) throws CheckpointException {
        if (!(value instanceof Map<?, ?> dictionary)) {
            throw error(name + " is " + PlainValues.kind(value), "a dictionary of arrays");
        }
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        collect(name, "", dictionary, arrays);
        return ParameterTree.of(arrays);
    }

    /** Gathers arrays depth first; the reader has bounded the depth. */
    private void collect(String name, String prefix, Map<?, ?> dictionary, Map<String, ArrayData> arrays)
            throws CheckpointException {
        for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
            String key = text(entry.getKey(), name);
            if (key.isEmpty() || key.contains("/")) {
                throw error("key " + Quotation.of(key) + " under " + name, "a name without a slash, since slashes join the keys");
            }
            String path = prefix + key;
            if (entry.getValue() instanceof Map<?, ?> below) {
                collect(name, path + "/", below, arrays);
            } else if (entry.getValue() instanceof ArrayData array) {
                arrays.put(path, array);
            } else {
                throw error(Quotation.of(name + "/" + path) + " is " + PlainValues.kind(entry.getValue()),
                        "an array or a dictionary of arrays");
            }
        }
    }

    private String text(Object key, String place) throws CheckpointException {
        if (key instanceof String text) {
            return text;
        }
        throw error("a key in " + place + " is " + PlainValues.kind(key), "text");
    }

    private OptionalLong integer(String name, Object value) throws CheckpointException {
        if (value == null) {
            return OptionalLong.empty();
        }
        OptionalLong integer = PlainValues.integer(value);
        if (integer.isEmpty()) {
            throw error(name + " is " + PlainValues.kind(value), "an integer");
        }
        return integer;
    }

    private static String keys(Map<String, Object> entries) {
        if (entries.isEmpty()) {
            return "no entry at all";
        }
        int shown = 20;
        String list = entries.keySet().stream().limit(shown).map(Quotation::of).collect(Collectors.joining(", "));
        return entries.size() > shown ? list + " and " + (entries.size() - shown) + " more" : list;
    }

    private CheckpointException error(String problem, String expectation) {
        return new CheckpointException(file + ": " + problem + ": expected " + expectation);
    }
}
