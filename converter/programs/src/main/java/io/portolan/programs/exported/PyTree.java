package io.portolan.programs.exported;

import io.portolan.programs.ProgramException;
import java.util.ArrayList;
import java.util.List;

/**
 * How a program nests its arguments or results.
 *
 * @param kind what the node is
 * @param children the nodes below it; none of a leaf
 * @param names of a dictionary, the key of each child; of other nodes mostly none
 */
public record PyTree(Kind kind, List<PyTree> children, List<String> names) {
    private static final int DEEPEST = 64;

    /** What a node is. */
    public enum Kind {
        /** An array. */
        LEAF,
        /** Nothing. */
        NONE,
        /** A tuple. */
        TUPLE,
        /** A list. */
        LIST,
        /** A dictionary. */
        DICTIONARY,
        /** An object of a class that was registered for export, such as a named tuple. */
        CUSTOM
    }

    public PyTree {
        children = List.copyOf(children);
        names = List.copyOf(names);
    }

    static PyTree read(FlatTable table) throws ProgramException {
        return read(table, 0);
    }

    /** Reads a node; the depth is bounded. */
    private static PyTree read(FlatTable table, int depth) throws ProgramException {
        int code = table.unsignedByte(0);
        if (code >= Kind.values().length) {
            throw fault(table, "a node of a tree is of kind " + code + ", expected 0 to 5");
        }
        if (depth == DEEPEST) {
            throw fault(table, "a tree nests deeper than " + DEEPEST);
        }
        Kind kind = Kind.values()[code];
        List<PyTree> children = new ArrayList<>();
        for (FlatTable child : table.tables(1)) {
            children.add(read(child, depth + 1));
        }
        List<String> names = table.texts(2);
        if (kind.compareTo(Kind.TUPLE) < 0 && !children.isEmpty()) {
            throw fault(table, "a leaf of a tree has children");
        }
        if (kind == Kind.DICTIONARY && names.size() != children.size()) {
            throw fault(table, "a dictionary has " + names.size() + " keys for " + children.size() + " values");
        }
        return new PyTree(kind, children, names);
    }

    private static ProgramException fault(FlatTable table, String message) {
        return ProgramException.at(table.position(), message);
    }

    /** Whether this is a tuple of a tuple and a dictionary: positional and keyword arguments. */
    boolean isArguments() {
        return kind == Kind.TUPLE
                && children.size() == 2
                && children.get(0).kind == Kind.TUPLE
                && children.get(1).kind == Kind.DICTIONARY;
    }

    /**
     * The paths of the leaves in order, as {@code jax.tree_util.keystr} prints them: {@code [0]} in tuples and lists, {@code ['a']} in
     * dictionaries, {@code [<flat index 0>]} in objects, whose fields the file does not name. A leaf alone has the empty path.
     */
    List<String> leaves(FlatBuffer budget) throws ProgramException {
        List<String> paths = new ArrayList<>();
        addLeaves("", paths, budget);
        return paths;
    }

    private void addLeaves(String path, List<String> paths, FlatBuffer budget) throws ProgramException {
        budget.count(path.length());
        if (kind == Kind.LEAF) {
            paths.add(path);
        }
        for (int i = 0; i < children.size(); i++) {
            children.get(i).addLeaves(path + key(i), paths, budget);
        }
    }

    private String key(int child) {
        return switch (kind) {
            case DICTIONARY -> "[" + PythonText.quote(names.get(child)) + "]";
            case CUSTOM -> names.size() == children.size() ? "." + names.get(child) : "[<flat index " + child + ">]";
            default -> "[" + child + "]";
        };
    }
}
