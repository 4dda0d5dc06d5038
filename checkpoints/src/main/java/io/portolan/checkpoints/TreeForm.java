package io.portolan.checkpoints;

import io.portolan.checkpoints.values.Quotation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The form of a checkpoint as a dictionary, as saved by the reference: {@code params}, {@code batch_stats},
 * {@code epoch}, {@code step} and every entry of the metadata. Entries that the format cannot represent, or that would
 * be misread, are stored under {@link FileTree#TAGGED} as {@link TaggedValues}; the structure of trees that it cannot
 * represent as JSON under {@link FileTree#STRUCTURE}.
 */
final class TreeForm {
    private TreeForm() {}

    static Map<String, Object> of(Checkpoint checkpoint, Set<TaggedValues.Kind> known) {
        Map<String, Object> root = new LinkedHashMap<>();
        Map<String, Object> structures = new LinkedHashMap<>();
        StoredTree parameters = StoredTree.nested(checkpoint.parameters(), known);
        root.put(ParameterSearch.PARAMETERS, parameters.nearest());
        parameters.structure().ifPresent(structure -> structures.put(ParameterSearch.PARAMETERS, structure));
        checkpoint.epoch().ifPresent(epoch -> root.put(ParameterSearch.EPOCH, epoch));
        checkpoint.step().ifPresent(step -> root.put(ParameterSearch.STEP, step));
        if (!checkpoint.batchStatistics().equals(ParameterTree.empty())) {
            StoredTree statistics = StoredTree.nested(checkpoint.batchStatistics(), known);
            root.put(ParameterSearch.STATISTICS, statistics.nearest());
            statistics.structure().ifPresent(structure -> structures.put(ParameterSearch.STATISTICS, structure));
        }
        Map<String, Object> tagged = new LinkedHashMap<>();
        checkpoint.metadata().forEach((key, value) -> {
            Object encoded = TaggedValues.encode(value, known, array -> {
                throw new IllegalStateException("arrays need no names in a tree");
            });
            boolean plain = encoded == value || encoded != null && encoded.equals(value);
            (plain && !ParameterSearch.isSignificant(key) ? root : tagged).put(key, encoded);
        });
        if (!structures.isEmpty()) {
            root.put(FileTree.STRUCTURE, Json.write(structures));
        }
        if (!tagged.isEmpty() || ParameterSearch.needsMark(checkpoint.parameters())) {
            root.put(FileTree.TAGGED, tagged);
        }
        return root;
    }

    /**
     * Converts a tree to nested dictionaries.
     *
     * @throws IllegalArgumentException if a path leads through an array or has an empty part
     */
    static Map<String, Object> nested(ParameterTree tree) {
        Map<String, Object> root = new LinkedHashMap<>();
        tree.arrays().forEach((path, array) -> put(root, path, Labels.SEPARATOR, Labels::key, array));
        return root;
    }

    /**
     * Stores a value at a path, creating the dictionaries on the way.
     *
     * @param key the key that a part of the path stands for
     */
    @SuppressWarnings("unchecked")
    static void put(Map<String, Object> root, String path, String separator, UnaryOperator<String> key, Object value) {
        Map<String, Object> parent = root;
        int start = 0;
        if (parts(path, separator) > TreeArrays.DEEPEST) {
            throw new IllegalArgumentException(
                    "the name " + Quotation.of(path) + " has more than " + TreeArrays.DEEPEST + " parts");
        }
        for (int end = path.indexOf(separator); end >= 0; end = path.indexOf(separator, start)) {
            Object child = parent.computeIfAbsent(
                    key.apply(part(path, start, end)), absent -> new LinkedHashMap<String, Object>());
            if (!(child instanceof Map)) {
                throw new IllegalArgumentException("the name " + Quotation.of(path) + " leads through an array");
            }
            parent = (Map<String, Object>) child;
            start = end + separator.length();
        }
        if (parent.putIfAbsent(key.apply(part(path, start, path.length())), value) != null) {
            throw new IllegalArgumentException("the name " + Quotation.of(path) + " is that of other arrays too");
        }
    }

    /** The number of parts in a path. */
    static long parts(String path, String separator) {
        long parts = 1;
        for (int at = path.indexOf(separator); at >= 0; at = path.indexOf(separator, at + separator.length())) {
            parts++;
        }
        return parts;
    }

    private static String part(String path, int start, int end) {
        if (start == end) {
            throw new IllegalArgumentException("the name " + Quotation.of(path) + " has an empty part");
        }
        return path.substring(start, end);
    }
}
