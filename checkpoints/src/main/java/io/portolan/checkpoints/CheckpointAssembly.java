package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.values.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Assembles a {@link Checkpoint} from the plain values of a file. */
final class CheckpointAssembly {
    /** The advice for a file whose parameters are not a tree of named arrays. */
    private static final String REMEDY = ", alone or under " + ParameterSearch.PARAMETERS;

    private final String file;
    private final Object root;
    private Object leftover;

    /**
     * A checkpoint and the place of its parameters in the file.
     *
     * @param parametersAt keys joined by slashes
     * @param others the remaining arrays
     */
    record Assembled(Checkpoint checkpoint, String parametersAt, List<Remainder> others) {}

    private CheckpointAssembly(String file, Object root) {
        this.file = file;
        this.root = root;
        this.leftover = root;
    }

    /**
     * Assembles the checkpoint from a file's value. Running statistics, epoch and step are searched for next to the
     * parameters and further up; everything else is metadata.
     *
     * @param parametersAt the place of the parameters, or empty to search for them
     * @throws CheckpointException if there are no parameters, several candidates, or they are not nested dictionaries
     *     of arrays
     */
    static Assembled of(String file, FileTree tree, Optional<String> parametersAt) throws CheckpointException {
        return new CheckpointAssembly(file, tree.root()).assemble(tree, parametersAt);
    }

    private Assembled assemble(FileTree tree, Optional<String> parametersAt) throws CheckpointException {
        if (!(root instanceof Map || root instanceof List || root instanceof Tuple || root instanceof InertObject)) {
            throw error("the file holds " + PlainValues.kind(root), "a dictionary with " + ParameterSearch.PARAMETERS);
        }
        List<String> place = place(tree, parametersAt);
        ParameterTree parameters = tree(ParameterSearch.written(place), takeParameters(place));
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
        List<Remainder> others = new ArrayList<>(Remainder.of(leftover, place, parametersAt.isPresent()));
        others.addAll(Remainder.of(tree.metadata(), List.of(), parametersAt.isPresent()));
        return new Assembled(checkpoint, ParameterSearch.written(place), List.copyOf(others));
    }

    private List<String> place(FileTree tree, Optional<String> parametersAt) throws CheckpointException {
        if (parametersAt.isPresent()) {
            return chosen(parametersAt.get());
        }
        return tree.marked() ? List.of(ParameterSearch.PARAMETERS) : ParameterSearch.find(file, root);
    }

    /** The place given by the user, extended into Flax's dictionary of collections if there is one. */
    private List<String> chosen(String path) throws CheckpointException {
        List<String> place = new ArrayList<>();
        Object value = root;
        for (String key :
                path.equals(ParameterSearch.TOP) ? List.<String>of() : Arrays.asList(path.split(Labels.SEPARATOR))) {
            Map<String, Object> children = Children.of(value);
            if (!children.containsKey(key)) {
                throw new ParameterPlaceException(
                        file + ": no " + Quotation.of(key) + " in "
                                + Quotation.of(ParameterSearch.written(place)) + ", only "
                                + Quotation.of(String.join(", ", children.keySet()))
                                + ": expected the place of the parameters",
                        List.of());
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

    /** Takes what is at a place, without the entries that are known to be something else. */
    private Object takeParameters(List<String> place) {
        Object value = at(place);
        Map<String, Object> entries = Children.of(value);
        Map<String, Object> parameters = ParameterSearch.parametersAmong(place, entries);
        boolean sequence = value instanceof List || value instanceof Tuple;
        if (parameters.size() == entries.size() || sequence) {
            return take(place);
        }
        leftover = Children.without(leftover, place, parameters.keySet());
        Set<String> others = new LinkedHashSet<>(entries.keySet());
        others.removeAll(parameters.keySet());
        return Children.without(value, List.of(), others);
    }

    private Object at(List<String> place) {
        Object value = root;
        for (String key : place) {
            value = Children.of(value).get(key);
        }
        return value;
    }

    /** Takes a value of the file, so that it does not remain. */
    private Object take(List<String> place) {
        if (place.isEmpty()) {
            leftover = Map.of();
            return root;
        }
        int last = place.size() - 1;
        leftover = Children.without(leftover, place.subList(0, last), Set.of(place.get(last)));
        return at(place);
    }

    /** The nearest value of a name, from the parameters upwards, or null. */
    private Object beside(List<String> place, String name) {
        for (int depth = Math.max(0, place.size() - 1); depth >= 0; depth--) {
            List<String> sibling = new ArrayList<>(place.subList(0, depth));
            if (Children.of(at(sibling)).get(name) != null) {
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
        if (!TreeArrays.isContainer(value)) {
            throw error(name + " is " + PlainValues.kind(value), TreeArrays.expectation(value) + REMEDY);
        }
        Map<String, ArrayData> arrays = TreeArrays.of(
                value,
                (path, problem, expectation) -> error(placeOf(name, path) + " is " + problem, expectation + REMEDY));
        return ParameterTree.collected(arrays, value);
    }

    private static String placeOf(String name, String path) {
        return Quotation.of(name.equals(ParameterSearch.TOP) ? path : name + Labels.SEPARATOR + path);
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
