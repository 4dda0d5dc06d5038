package io.portolan.checkpoints;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the place in a file's tree where the parameters are, or says why there is none to be sure of. */
final class ParameterSearch {
    static final String PARAMETERS = "params";
    static final String STATISTICS = "batch_stats";
    static final String EPOCH = "epoch";
    static final String STEP = "step";

    /** How the top level is written as a place. */
    static final String TOP = ".";

    /** Names that mean parameters whatever stands beside them. */
    private static final Set<String> CERTAIN = Set.of(PARAMETERS, "ema_params", "params_ema");

    /** Names that often mean parameters, or something that contains them. */
    private static final Set<String> LIKELY = Set.of(
            "model", "model_params", "parameters", "weights", "variables", "state", "train_state", "model_state", "state_dict",
            "ema", "ema_model", "ema_state", "target", "optimizer", "checkpoint");

    /** Names of arrays that are no parameters. */
    private static final Set<String> OTHERS = Set.of(
            STATISTICS, EPOCH, STEP, "opt_state", "optimizer_state", "optim_state", "opt", "rng", "rngs", "key", "prng_key");

    /** What stands beside the parameters in the dictionary that a Flax module's init gives. */
    private static final Set<String> COLLECTIONS = Set.of(
            PARAMETERS, STATISTICS, EPOCH, STEP, "opt_state", "cache", "constants", "intermediates", "spectral_norm_stats");

    private static final int DEEPEST = 4;

    private final String file;
    private final Object root;
    private final List<List<String>> found = new ArrayList<>();

    private ParameterSearch(String file, Object root) {
        this.file = file;
        this.root = root;
    }

    /** Whether an entry of this name at the top level would be taken for something in particular. */
    static boolean isSignificant(String name) {
        return CERTAIN.contains(name) || LIKELY.contains(name) || name.equals(FileTree.TAGGED)
                || Set.of(STATISTICS, EPOCH, STEP).contains(name);
    }

    /**
     * The keys that lead to the parameters; none for the top level itself.
     *
     * @throws CheckpointException if there is no such place, or more than one
     */
    static List<String> find(String file, Object root) throws CheckpointException {
        return new ParameterSearch(file, root).find();
    }

    /** Whether these entries are Flax's dictionary of collections, or a state around it, rather than parameters themselves. */
    static boolean isCollections(Map<String, Object> entries) {
        return entries.get(PARAMETERS) instanceof Map && COLLECTIONS.containsAll(entries.keySet());
    }

    /** Whether a model has a module that would be taken for a collection, so that a file of it must say that it is none. */
    static boolean needsMark(ParameterTree parameters) {
        return parameters.children().contains(PARAMETERS);
    }

    /** Whether a value is made of dictionaries and arrays only, with at least one array in it. */
    static boolean isTreeOfArrays(Object value) {
        return value instanceof Map<?, ?> map && holdsOnlyArrays(map) && holdsArrays(map);
    }

    /** The place written for a message or the command line. */
    static String written(List<String> place) {
        return place.isEmpty() ? TOP : String.join("/", place);
    }

    /** Whether an entry of the top level belongs to parameters that are there. */
    static boolean isBareParameter(Map.Entry<String, Object> entry) {
        return !OTHERS.contains(entry.getKey()) && (entry.getValue() instanceof ArrayData || isTreeOfArrays(entry.getValue()));
    }

    private List<String> find() throws CheckpointException {
        Map<String, Object> top = Children.of(root);
        visit(List.of(), top);
        boolean certain = found.stream().anyMatch(place -> CERTAIN.contains(place.get(place.size() - 1)));
        boolean bare = top.entrySet().stream().anyMatch(entry -> isBareParameter(entry) && !isSignificant(entry.getKey()));
        List<List<String>> places = new ArrayList<>(found);
        if (bare && !certain && !top.containsKey(PARAMETERS)) {
            places.add(List.of());
        }
        if (places.size() > 1) {
            throw new CheckpointException(file + ": parameters in several places: "
                    + places.stream().map(place -> Quotation.of(written(place))).collect(Collectors.joining(", "))
                    + ": expected one; choose with --params, such as --params " + written(places.get(places.size() - 1)));
        }
        if (places.isEmpty() && !top.containsKey(PARAMETERS)) {
            throw new CheckpointException(file + ": no entry params but " + keys(top) + ": expected a dictionary with "
                    + PARAMETERS + ", as the training script saves it, or the place of the parameters with --params");
        }
        return places.isEmpty() ? List.of(PARAMETERS) : places.get(0);
    }

    private void visit(List<String> place, Map<String, Object> children) {
        for (Map.Entry<String, Object> child : children.entrySet()) {
            if (!CERTAIN.contains(child.getKey()) && !LIKELY.contains(child.getKey()) || place.size() == DEEPEST) {
                continue;
            }
            List<String> below = new ArrayList<>(place);
            below.add(child.getKey());
            Map<String, Object> within = Children.of(child.getValue());
            if (isTreeOfArrays(child.getValue()) && !isCollections(within)) {
                found.add(below);
            } else {
                visit(below, within);
            }
        }
    }

    private static boolean holdsOnlyArrays(Map<?, ?> map) {
        return map.entrySet().stream().allMatch(entry -> entry.getKey() instanceof String
                && (entry.getValue() instanceof ArrayData || entry.getValue() instanceof Map<?, ?> below && holdsOnlyArrays(below)));
    }

    private static boolean holdsArrays(Map<?, ?> map) {
        return map.values().stream().anyMatch(
                value -> value instanceof ArrayData || value instanceof Map<?, ?> below && holdsArrays(below));
    }

    private static String keys(Map<String, Object> entries) {
        if (entries.isEmpty()) {
            return "no entry at all";
        }
        int shown = 20;
        String list = entries.keySet().stream().limit(shown).map(Quotation::of).collect(Collectors.joining(", "));
        return entries.size() > shown ? list + " and " + (entries.size() - shown) + " more" : list;
    }
}
