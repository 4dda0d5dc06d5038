package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Quotation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
            "model",
            "model_params",
            "parameters",
            "weights",
            "variables",
            "state",
            "train_state",
            "model_state",
            "state_dict",
            "ema",
            "ema_model",
            "ema_state",
            "target",
            "optimizer",
            "checkpoint");

    /** Names of what an optimiser keeps. */
    private static final Set<String> OPTIMIZERS = Set.of("opt_state", "optimizer_state", "optim_state", "opt");

    /** Names of the state of random numbers, unless it is a module of that name: attention has a "key". */
    private static final Set<String> RANDOM = Set.of("rng", "rngs", "key", "prng_key");

    /** What stands beside the parameters in the dictionary that a Flax module's init gives. */
    private static final Set<String> COLLECTIONS = Set.of(
            PARAMETERS,
            STATISTICS,
            EPOCH,
            STEP,
            "opt_state",
            "cache",
            "constants",
            "intermediates",
            "spectral_norm_stats");

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
        return CERTAIN.contains(name)
                || LIKELY.contains(name)
                || name.equals(FileTree.TAGGED)
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
        return parameters.children().stream().anyMatch(CERTAIN::contains);
    }

    /** Whether a value is made of dictionaries and arrays only, with at least one array in it. */
    static boolean isTreeOfArrays(Object value) {
        return value instanceof Map<?, ?> map && holdsOnlyArrays(map) && holdsArrays(map);
    }

    /** The place written for a message or the command line. */
    static String written(List<String> place) {
        return place.isEmpty() ? TOP : String.join("/", place);
    }

    /** Whether name and contents of an entry show that it is something other than parameters. */
    static boolean isKnownOther(String name, Object value) {
        return Set.of(STATISTICS, EPOCH, STEP).contains(name)
                || OPTIMIZERS.contains(name)
                || RANDOM.contains(name)
                        && HeldArrays.in(value).stream().allMatch(array -> array.type() == ElementType.UINT32);
    }

    /**
     * What of the entries at a place are the parameters: all but those that are known as something else and, at the top
     * level, those without arrays. What a tree cannot hold stays among them, to be refused. At a name that means
     * parameters nothing else is known.
     */
    static Map<String, Object> parametersAmong(List<String> place, Map<String, Object> entries) {
        if (isCertain(place)) {
            return entries;
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        entries.forEach((name, value) -> {
            if (!isKnownOther(name, value) && (!place.isEmpty() || HeldArrays.any(value))) {
                parameters.put(name, value);
            }
        });
        return parameters;
    }

    private List<String> find() throws CheckpointException {
        Map<String, Object> top = Children.of(root);
        visit(List.of(), root, LIKELY);
        boolean certain = found.stream().anyMatch(ParameterSearch::isCertain);
        if (!certain
                && !top.containsKey(PARAMETERS)
                && parametersAmong(List.of(), top).keySet().stream().anyMatch(name -> !isSignificant(name))) {
            add(List.of(), top);
        }
        if (found.size() > 1) {
            throw new ParameterPlaceException(
                    file + ": parameters in several places: "
                            + found.stream()
                                    .map(place -> Quotation.of(written(place)))
                                    .collect(Collectors.joining(", "))
                            + ": expected one; say which",
                    found.stream().map(ParameterSearch::written).toList());
        }
        if (found.isEmpty() && !top.containsKey(PARAMETERS)) {
            throw new ParameterPlaceException(
                    file + ": no entry params but " + keys(top) + ": expected a dictionary with " + PARAMETERS
                            + ", as the training script saves it, or to be told the place of the parameters",
                    List.of());
        }
        return found.isEmpty() ? List.of(PARAMETERS) : found.get(0);
    }

    /**
     * Looks below a value for places of parameters, no deeper than {@link #DEEPEST}.
     *
     * @param hints the names that are followed besides those that are certain
     */
    private void visit(List<String> place, Object value, Set<String> hints) {
        for (Map.Entry<String, Object> child : Children.of(value).entrySet()) {
            if ((CERTAIN.contains(child.getKey()) || hints.contains(child.getKey())) && place.size() < DEEPEST) {
                List<String> below = new ArrayList<>(place);
                below.add(child.getKey());
                judge(below, child.getValue());
            }
        }
    }

    /** Whether the value at a name that promises parameters is them, or a state with them in it, or both could be meant. */
    private void judge(List<String> place, Object value) {
        Map<String, Object> within = Children.of(value);
        boolean tree = isTreeOfArrays(value);
        int before = found.size();
        visit(place, value, tree && !holdsOptimizer(within) ? Set.of() : LIKELY);
        if (found.size() == before) {
            if (tree || isCertain(place) && HeldArrays.any(value)) {
                add(place, within);
            }
        } else if (isCertain(place)
                && tree
                && !within.keySet().stream()
                        .allMatch(name -> COLLECTIONS.contains(name)
                                || CERTAIN.contains(name)
                                || isKnownOther(name, within.get(name)))) {
            found.add(place);
        }
    }

    /** Adds a place; one dictionary beside the state of an optimiser may be all of the parameters or a module of them. */
    private void add(List<String> place, Map<String, Object> entries) {
        Map<String, Object> parameters = parametersAmong(place, entries);
        if (!isCertain(place)
                && holdsOptimizer(entries)
                && parameters.size() == 1
                && isTreeOfArrays(parameters.values().iterator().next())) {
            List<String> below = new ArrayList<>(place);
            below.add(parameters.keySet().iterator().next());
            found.add(below);
        }
        found.add(place);
    }

    private static boolean isCertain(List<String> place) {
        return !place.isEmpty() && CERTAIN.contains(place.get(place.size() - 1));
    }

    private static boolean holdsOptimizer(Map<String, Object> entries) {
        return entries.entrySet().stream()
                .anyMatch(entry -> OPTIMIZERS.contains(entry.getKey()) && HeldArrays.any(entry.getValue()));
    }

    private static boolean holdsOnlyArrays(Map<?, ?> map) {
        return map.entrySet().stream()
                .allMatch(entry -> entry.getKey() instanceof String
                        && (entry.getValue() instanceof ArrayData
                                || entry.getValue() instanceof Map<?, ?> below && holdsOnlyArrays(below)));
    }

    private static boolean holdsArrays(Map<?, ?> map) {
        return map.values().stream()
                .anyMatch(value ->
                        value instanceof ArrayData || value instanceof Map<?, ?> below && holdsArrays(below));
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
