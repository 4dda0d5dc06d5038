package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.values.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the place of the parameters in a file's tree, or explains why it is not unique. */
final class ParameterSearch {
    static final String PARAMETERS = "params";
    static final String STATISTICS = "batch_stats";
    static final String EPOCH = "epoch";
    static final String STEP = "step";

    /** The notation for the top level. */
    static final String TOP = ".";

    /** Names that always mean parameters. */
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

    /** Names of a model's state, if its parameters are beside it, as in Haiku. */
    private static final Set<String> STATES = Set.of("state", "model_state");

    /** Names of the state of an optimiser. */
    private static final Set<String> OPTIMIZERS = Set.of("opt_state", "optimizer_state", "optim_state", "opt");

    /** Names of random number state, unless it is a module of that name: attention has a "key". */
    private static final Set<String> RANDOM = Set.of("rng", "rngs", "key", "prng_key");

    /** The other collections in the dictionary that a Flax module's init returns. */
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

    /** Whether an entry of this name at the top level has a special meaning. */
    static boolean isSignificant(String name) {
        return CERTAIN.contains(name)
                || LIKELY.contains(name)
                || name.equals(FileTree.TAGGED)
                || name.equals(FileTree.STRUCTURE)
                || Set.of(STATISTICS, EPOCH, STEP).contains(name);
    }

    /**
     * The keys that lead to the parameters; empty for the top level.
     *
     * @throws CheckpointException if there is no such place, or more than one
     */
    static List<String> find(String file, Object root) throws CheckpointException {
        return new ParameterSearch(file, root).find();
    }

    /**
     * Whether these entries are Flax's dictionary of collections, or a state around it, rather than parameters
     * themselves.
     */
    static boolean isCollections(Map<String, Object> entries) {
        return TreeArrays.isContainer(entries.get(PARAMETERS)) && COLLECTIONS.containsAll(entries.keySet());
    }

    /** Whether a model has a module that could be mistaken for a collection, so that its file needs a mark. */
    static boolean needsMark(ParameterTree parameters) {
        return parameters.children().stream().anyMatch(CERTAIN::contains);
    }

    /** Whether a value is a container of a tree, with at least one array in it. */
    private static boolean isTreeOfArrays(Object value) {
        return TreeArrays.isContainer(value) && TreeArrays.isTree(value) && HeldArrays.any(value);
    }

    /** The notation of a place in messages and on the command line. */
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
     * The entries at a place that are parameters: all except known other ones and, at the top level, those without
     * arrays. Entries that a tree cannot hold are included, and refused later. At a name that means parameters there
     * are no known other entries.
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
        if (isSequence(root)) {
            searchSequence(top);
        } else {
            searchNames(top);
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

    /** Whether the children of a value have no names: a list, a tuple, or a record of positional fields. */
    private static boolean isSequence(Object value) {
        return value instanceof List
                || value instanceof Tuple
                || value instanceof InertObject object
                        && KnownRecords.box(object).isEmpty()
                        && !object.arguments().isEmpty();
    }

    /** Searches a dictionary or a record with named fields. */
    private void searchNames(Map<String, Object> top) {
        visit(List.of(), root, LIKELY);
        boolean certain = found.stream().anyMatch(ParameterSearch::isCertain);
        if (!certain
                && !top.containsKey(PARAMETERS)
                && parametersAmong(List.of(), top).keySet().stream().anyMatch(name -> !isSignificant(name))) {
            add(List.of(), top);
        }
        if (found.isEmpty()) {
            top.forEach((name, value) -> {
                if (LIKELY.contains(name) && isTreeOfArrays(value)) {
                    found.add(List.of(name));
                }
            });
        }
    }

    /**
     * Searches a list or tuple: it may be all parameters, such as the layers of a model or the networks of an agent, or
     * hold them next to something else, such as the state of an optimiser or a step.
     */
    private void searchSequence(Map<String, Object> top) {
        Map<String, Object> holders = new LinkedHashMap<>(top);
        holders.values().removeIf(value -> !HeldArrays.any(value));
        boolean whole = isTreeOfArrays(root);
        if (whole && holders.values().stream().anyMatch(KnownRecords::isNormalizer)) {
            // The statistics with which a policy normalises its input belong to its parameters.
            found.add(List.of());
            return;
        }
        holders.forEach((index, value) -> visit(List.of(index), value, LIKELY));
        if (!found.isEmpty()) {
            long within = found.stream().map(place -> place.get(0)).distinct().count();
            if (whole && within < holders.size()) {
                found.add(List.of());
            }
            return;
        }
        boolean layers = top.values().stream()
                .allMatch(value -> value == null
                        || TreeArrays.isContainer(value)
                                && (HeldArrays.any(value) || Children.of(value).isEmpty()));
        if (whole && (holders.size() > 1 || layers)) {
            found.add(List.of());
        } else {
            holders.forEach((index, value) -> {
                if (isTreeOfArrays(value)) {
                    found.add(List.of(index));
                }
            });
        }
    }

    /**
     * Searches below a value for places of parameters, no deeper than {@link #DEEPEST}.
     *
     * @param hints the names that are followed besides those that are certain
     */
    private void visit(List<String> place, Object value, Set<String> hints) {
        Map<String, Object> children = Children.of(value);
        boolean certain = children.keySet().stream().anyMatch(CERTAIN::contains);
        for (Map.Entry<String, Object> child : children.entrySet()) {
            if ((CERTAIN.contains(child.getKey()) || hints.contains(child.getKey())) && place.size() < DEEPEST) {
                List<String> below = new ArrayList<>(place);
                below.add(child.getKey());
                if (certain && STATES.contains(child.getKey())) {
                    visit(below, child.getValue(), Set.of());
                } else {
                    judge(below, child.getValue());
                }
            }
        }
    }

    /**
     * Decides whether the value at a name for parameters is the parameters, a state that contains them, or ambiguous.
     */
    private void judge(List<String> place, Object value) {
        Map<String, Object> within = Children.of(value);
        boolean tree = isCertain(place) ? isTreeOfArrays(value) : isDictionaryOfArrays(value);
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

    /** Adds a place; a single dictionary next to an optimiser's state may be all parameters or one module of them. */
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

    /** Whether a value is made of dictionaries with text keys and of arrays only, with at least one array in it. */
    private static boolean isDictionaryOfArrays(Object value) {
        return value instanceof Map<?, ?> map && holdsOnlyArrays(map) && HeldArrays.any(map);
    }

    private static boolean holdsOnlyArrays(Map<?, ?> map) {
        return map.entrySet().stream()
                .allMatch(entry -> entry.getKey() instanceof String
                        && (entry.getValue() instanceof ArrayData
                                || entry.getValue() instanceof Map<?, ?> below && holdsOnlyArrays(below)));
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
