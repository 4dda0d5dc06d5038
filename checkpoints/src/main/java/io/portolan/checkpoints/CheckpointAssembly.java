package io.portolan.checkpoints;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Sorts the plain values of a file into a {@link Checkpoint}. */
final class CheckpointAssembly {
    private final String file;
    private final Object root;
    private Object leftover;

    /**
     * A checkpoint and where in the file its parameters were.
     *
     * @param parametersAt keys joined by slashes
     */
    record Assembled(Checkpoint checkpoint, String parametersAt) {
    }

    private CheckpointAssembly(String file, Object root) {
        this.file = file;
        this.root = root;
        this.leftover = root;
    }

    /**
     * The checkpoint that a file's value describes. Running statistics, epoch and step are looked for beside the
     * parameters and on the way up from there; all the rest is metadata.
     *
     * @param parametersAt where the parameters are, or empty to search for them
     * @throws CheckpointException if there are no parameters, several candidates, or they are no nested dictionaries of arrays
     */
    static Assembled of(String file, FileTree tree, Optional<String> parametersAt) throws CheckpointException {
        return new CheckpointAssembly(file, tree.root()).assemble(tree, parametersAt);
    }

    private Assembled assemble(FileTree tree, Optional<String> parametersAt) throws CheckpointException {
        if (!(root instanceof Map || root instanceof List || root instanceof InertObject)) {
            throw error("the file holds " + PlainValues.kind(root), "a dictionary with " + ParameterSearch.PARAMETERS);
        }
        if (root instanceof Map<?, ?> dictionary) {
            for (Object key : dictionary.keySet()) {
                text(key, "the file");
            }
        }
        List<String> place = place(tree, parametersAt);
        ParameterTree parameters = place.isEmpty() ? bare() : tree(ParameterSearch.written(place), take(place));
        if (parameters.isEmpty()) {
            throw error(ParameterSearch.written(place) + " holds no array", "the weights of a model");
        }
        Object statistics = beside(place, ParameterSearch.STATISTICS);
        Checkpoint checkpoint = new Checkpoint(
                parameters,
                statistics == null ? ParameterTree.empty() : tree(ParameterSearch.STATISTICS, statistics),
                integer(ParameterSearch.EPOCH, beside(place, ParameterSearch.EPOCH)),
                integer(ParameterSearch.STEP, beside(place, ParameterSearch.STEP)),
                metadata(tree.metadata()));
        return new Assembled(checkpoint, ParameterSearch.written(place));
    }

    private List<String> place(FileTree tree, Optional<String> parametersAt) throws CheckpointException {
        if (parametersAt.isPresent()) {
            return chosen(parametersAt.get());
        }
        return tree.marked() ? List.of(ParameterSearch.PARAMETERS) : ParameterSearch.find(file, root);
    }

    /** The place that a user wrote, and from there on into Flax's dictionary of collections. */
    private List<String> chosen(String path) throws CheckpointException {
        List<String> place = new ArrayList<>();
        Object value = root;
        for (String key : path.equals(ParameterSearch.TOP) ? List.<String>of() : Arrays.asList(path.split("/"))) {
            Map<String, Object> children = Children.of(value);
            if (!children.containsKey(key)) {
                throw error("no " + Quotation.of(key) + " in " + Quotation.of(ParameterSearch.written(place)) + ", only "
                        + Quotation.of(String.join(", ", children.keySet())), "the place of the parameters, as --params gives it");
            }
            value = children.get(key);
            place.add(key);
        }
        while (!place.isEmpty() && ParameterSearch.isCollections(Children.of(value))) {
            value = Children.of(value).get(ParameterSearch.PARAMETERS);
            place.add(ParameterSearch.PARAMETERS);
        }
        return place;
    }

    /** The parameters at the top level: every entry that is an array or a dictionary of arrays and is not known as something else. */
    private ParameterTree bare() throws CheckpointException {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : Children.of(root).entrySet()) {
            if (ParameterSearch.isBareParameter(entry)) {
                entries.put(entry.getKey(), take(List.of(entry.getKey())));
            }
        }
        return tree(ParameterSearch.TOP, entries);
    }

    /** A value of the file, which is no leftover any more. */
    private Object take(List<String> place) {
        Object value = root;
        for (String key : place) {
            value = Children.of(value).get(key);
        }
        leftover = Children.without(leftover, place);
        return value;
    }

    /** The nearest value of this name on the way from the parameters up, or null. */
    private Object beside(List<String> place, String name) {
        for (int depth = Math.max(0, place.size() - 1); depth >= 0; depth--) {
            List<String> sibling = new ArrayList<>(place.subList(0, depth));
            Object parent = root;
            for (String key : sibling) {
                parent = Children.of(parent).get(key);
            }
            if (Children.of(parent).get(name) != null) {
                sibling.add(name);
                return take(sibling);
            }
        }
        return null;
    }

    private Map<String, Object> metadata(Map<String, Object> decoded) {
        Map<String, Object> metadata = new LinkedHashMap<>(Children.of(leftover));
        metadata.putAll(decoded);
        return Collections.unmodifiableMap(metadata);
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

    private CheckpointException error(String problem, String expectation) {
        return new CheckpointException(file + ": " + problem + ": expected " + expectation);
    }
}
