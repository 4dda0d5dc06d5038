package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Quotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The form of a checkpoint in formats that are a list of named arrays: {@code params/…}, {@code batch_stats/…} and the
 * arrays of the metadata as {@code metadata/0}, {@code metadata/1}, … Everything else is one JSON document: the
 * metadata as {@link TaggedValues}, and the actual types of arrays that are stored as integers because the format has
 * no name for their type.
 *
 * @param arrays the arrays by name
 * @param document the JSON, if one is needed
 */
record FlatForm(Map<String, ArrayData> arrays, Optional<String> document) {
    /** The name of the document in a file. */
    static final String DOCUMENT = "portolan";

    private static final String METADATA = "metadata";
    private static final String TYPES = "element_types";
    private static final String STRUCTURES = "structures";

    /**
     * What separates the parts of a name, the first of these that any name has: Haiku's own conversion writes two
     * slashes between the module and the parameter, since the names of modules have single ones.
     */
    private static final List<String> SEPARATORS = List.of("//", Labels.SEPARATOR, ".");

    private static final String PREFIX = METADATA + "/";
    private static final long MOST_PARTS = 1_000_000;

    /**
     * @param held the types that the format has a name for
     * @param metadata the entries of the checkpoint's metadata that the format cannot store otherwise
     */
    static FlatForm of(Checkpoint checkpoint, Predicate<ElementType> held, Map<String, Object> metadata) {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        Map<String, String> types = new LinkedHashMap<>();
        Map<String, Object> structures = new LinkedHashMap<>();
        add(ParameterSearch.PARAMETERS, checkpoint.parameters(), arrays, structures);
        add(ParameterSearch.STATISTICS, checkpoint.batchStatistics(), arrays, structures);
        List<ArrayData> stored = new ArrayList<>();
        Map<String, Object> encoded = new LinkedHashMap<>();
        metadata.forEach((key, value) -> encoded.put(key, TaggedValues.encode(value, TaggedValues.JSON, array -> {
            stored.add(array);
            return PREFIX + (stored.size() - 1);
        })));
        for (int i = 0; i < stored.size(); i++) {
            arrays.put(PREFIX + i, stored.get(i));
        }
        arrays.replaceAll((name, array) -> {
            if (held.test(array.type())) {
                return array;
            }
            types.put(name, array.type().label());
            return standIn(array);
        });
        Map<String, Object> document = new LinkedHashMap<>();
        if (!types.isEmpty()) {
            document.put(TYPES, types);
        }
        if (!structures.isEmpty()) {
            document.put(STRUCTURES, structures);
        }
        if (!encoded.isEmpty()) {
            document.put(METADATA, encoded);
        }
        boolean needless = document.isEmpty() && !ParameterSearch.needsMark(checkpoint.parameters());
        return new FlatForm(arrays, needless ? Optional.empty() : Optional.of(Json.write(document)));
    }

    /**
     * Converts the arrays to a tree. Names are split at the first of {@link #SEPARATORS} that any of them has.
     *
     * @throws CheckpointException if the names do not form a tree or the document does not match the arrays
     */
    FileTree tree(String file) throws CheckpointException {
        Map<String, ArrayData> plain = new LinkedHashMap<>(arrays);
        Map<?, ?> contents = document.isPresent() ? Json.readObject(file, document.get()) : Map.of();
        if (contents.get(TYPES) instanceof Map<?, ?> types) {
            for (Map.Entry<?, ?> entry : types.entrySet()) {
                restore(file, plain, String.valueOf(entry.getKey()), String.valueOf(entry.getValue()));
            }
        }
        Map<String, Object> metadata = Map.of();
        if (contents.get(METADATA) instanceof Map<?, ?> tagged) {
            metadata = FileTree.decode(file, tagged, plain);
            plain.keySet().removeIf(name -> name.startsWith(PREFIX));
        }
        Map<String, Object> restored = new LinkedHashMap<>();
        if (contents.get(STRUCTURES) instanceof Map<?, ?> structures) {
            for (Map.Entry<?, ?> structure : structures.entrySet()) {
                String place = structure.getKey() + Labels.SEPARATOR;
                Map<String, ArrayData> below = new LinkedHashMap<>();
                plain.forEach((name, array) -> {
                    if (name.startsWith(place)) {
                        below.put(name.substring(place.length()), array);
                    }
                });
                restored.put((String) structure.getKey(), StoredTree.restored(file, below, structure.getValue()));
                plain.keySet().removeIf(name -> name.startsWith(place));
            }
        }
        Map<String, Object> root = nested(file, plain);
        root.putAll(restored);
        return new FileTree(root, metadata, document.isPresent());
    }

    private static Map<String, Object> nested(String file, Map<String, ArrayData> arrays) throws CheckpointException {
        String separator = SEPARATORS.stream()
                .filter(candidate -> arrays.keySet().stream().anyMatch(name -> name.contains(candidate)))
                .findFirst()
                .orElse(Labels.SEPARATOR);
        long parts = arrays.keySet().stream()
                .mapToLong(name -> TreeForm.parts(name, separator))
                .sum();
        if (parts > MOST_PARTS) {
            throw new CheckpointException(file + ": names of " + parts + " parts together: expected at most "
                    + MOST_PARTS + "; a real model needs far fewer");
        }
        Map<String, Object> root = new LinkedHashMap<>();
        try {
            arrays.forEach((name, array) -> TreeForm.put(root, name, separator, UnaryOperator.identity(), array));
        } catch (IllegalArgumentException noTree) {
            throw new CheckpointException(
                    file + ": " + noTree.getMessage() + ": expected names that make a tree", noTree);
        }
        return root;
    }

    private static void add(
            String prefix, ParameterTree tree, Map<String, ArrayData> arrays, Map<String, Object> structures) {
        StoredTree.flat(tree).structure().ifPresent(structure -> structures.put(prefix, structure));
        tree.arrays().forEach((path, array) -> arrays.put(prefix + Labels.SEPARATOR + path, array));
    }

    /** The same bytes as an array of integers; elements of 16 bytes become pairs. */
    private static ArrayData standIn(ArrayData array) {
        return switch (array.type().bytes()) {
            case 1 -> ArrayData.of(ElementType.UINT8, array.shape(), array.region());
            case 2 -> ArrayData.of(ElementType.UINT16, array.shape(), array.region());
            default -> {
                long[] shape = Arrays.copyOf(array.shape(), array.rank() + 1);
                shape[array.rank()] = array.type().bytes() / Long.BYTES;
                yield ArrayData.of(ElementType.UINT64, shape, array.region());
            }
        };
    }

    private static void restore(String file, Map<String, ArrayData> arrays, String name, String label)
            throws CheckpointException {
        ArrayData stored = arrays.get(name);
        Optional<ElementType> type = ElementType.named(label);
        if (stored == null || type.isEmpty()) {
            throw new CheckpointException(file + ": the metadata gives the array " + Quotation.of(name) + " the type "
                    + Quotation.of(label) + ": expected an array and a type that exist");
        }
        long[] shape = type.get().bytes() > Long.BYTES && stored.rank() > 0
                ? Arrays.copyOf(stored.shape(), stored.rank() - 1)
                : stored.shape();
        try {
            arrays.put(name, ArrayData.of(type.get(), shape, stored.region()));
        } catch (IllegalArgumentException misfit) {
            throw new CheckpointException(
                    file + ": the array " + Quotation.of(name) + ": " + misfit.getMessage()
                            + ": expected a type that fits the bytes",
                    misfit);
        }
    }
}
