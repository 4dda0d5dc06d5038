package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts a tree together from its leaves: dictionaries, and lists where the keys are indices. */
final class TreeBuilder {
    private final Map<LeafPath.Key, Object> children = new LinkedHashMap<>();

    /**
     * Adds a leaf.
     *
     * @param file the file that lists the leaves, for errors
     * @throws CheckpointException if there is something else at the path
     */
    void put(String file, LeafPath path, Object value) throws CheckpointException {
        TreeBuilder node = this;
        int last = path.keys().size() - 1;
        for (LeafPath.Key key : path.keys().subList(0, last)) {
            if (!(node.children.computeIfAbsent(key, absent -> new TreeBuilder()) instanceof TreeBuilder below)) {
                throw conflict(file, path);
            }
            node = below;
        }
        if (node.children.containsKey(path.keys().get(last))) {
            throw conflict(file, path);
        }
        node.children.put(path.keys().get(last), value);
    }

    /** The tree as unmodifiable maps and lists, in the order of the leaves. It is no deeper than the paths are long. */
    Object value(String file) throws CheckpointException {
        return children.keySet().stream().anyMatch(LeafPath.Key::isIndex) ? list(file) : dictionary(file);
    }

    private Map<String, Object> dictionary(String file) throws CheckpointException {
        Map<String, Object> dictionary = new LinkedHashMap<>();
        for (Map.Entry<LeafPath.Key, Object> child : children.entrySet()) {
            dictionary.put(child.getKey().name(), value(file, child.getValue()));
        }
        return Collections.unmodifiableMap(dictionary);
    }

    private List<Object> list(String file) throws CheckpointException {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < children.size(); i++) {
            LeafPath.Key key = new LeafPath.Key(Integer.toString(i), true);
            if (!children.containsKey(key)) {
                List<String> names =
                        children.keySet().stream().map(LeafPath.Key::name).toList();
                throw new CheckpointException(file + ": a list with the keys "
                        + Quotation.of(String.join(", ", names)) + ": expected every index from 0 to "
                        + (children.size() - 1) + ", and nothing else");
            }
            list.add(value(file, children.get(key)));
        }
        return Collections.unmodifiableList(list);
    }

    private static Object value(String file, Object child) throws CheckpointException {
        return child instanceof TreeBuilder below ? below.value(file) : child;
    }

    private static CheckpointException conflict(String file, LeafPath path) {
        return new CheckpointException(file + ": the leaf " + Quotation.of(path.name())
                + " is there twice, or below another one: expected each path once");
    }
}
