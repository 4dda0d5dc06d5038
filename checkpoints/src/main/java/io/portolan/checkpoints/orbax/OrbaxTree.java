package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.zarr.ZarrArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One tree of a checkpoint.
 *
 * @param root its value
 * @param custom what the program added to it; {@code null} for nothing
 * @param format how its arrays are stored
 */
record OrbaxTree(Object root, Object custom, String format) {
    private static final int MOST_LEAVES = 1_000_000;

    /** Reads the tree in a folder, without the elements of its arrays. */
    static OrbaxTree read(Folder folder, UnpackingLimits limits) throws IOException {
        Optional<StoredValue> metadata = folder.find(Marks.TREE);
        if (metadata.isPresent()) {
            return described(folder, JsonDocument.parse(metadata.get()), limits);
        }
        LeafStore leaves = LeafStore.open(folder, false, false, limits);
        Optional<StoredValue> aggregate = Marks.aggregate(folder);
        Object root = aggregate.isPresent() ? AggregateFile.read(aggregate.get(), leaves) : named(folder, leaves);
        return new OrbaxTree(root, null, leaves.format());
    }

    private static OrbaxTree described(Folder folder, JsonDocument json, UnpackingLimits limits) throws IOException {
        Map<?, ?> members = json.object();
        LeafStore leaves = LeafStore.open(
                folder,
                flag(json, members, "use_ocdbt"),
                flag(json, members, "store_array_data_equal_to_fill_value"),
                limits);
        Map<?, ?> entries = json.object("tree_metadata", members.get("tree_metadata"));
        if (entries.size() > MOST_LEAVES) {
            throw json.wrong("tree_metadata", entries.size() + " leaves", "at most " + MOST_LEAVES);
        }
        TreeBuilder tree = new TreeBuilder();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            String label = Quotation.of((String) entry.getKey());
            Map<?, ?> leaf = json.object(label, entry.getValue());
            LeafPath path = LeafPath.of(json, label, leaf.get("key_metadata"));
            Map<?, ?> value = json.object("value_metadata of " + label, leaf.get("value_metadata"));
            String type = json.text("value_type of " + label, value.get("value_type"));
            tree.put(json.name(), path, value(leaves, path.name(), type));
        }
        return new OrbaxTree(tree.value(json.name()), members.get("custom_metadata"), leaves.format());
    }

    private static boolean flag(JsonDocument json, Map<?, ?> members, String name) throws CheckpointException {
        return json.flag(name, members.get(name)).orElse(false);
    }

    /** The value of a leaf by its type: every type but these is stored as an array. */
    private static Object value(LeafStore leaves, String name, String type) throws IOException {
        return switch (type) {
            // Of an empty named tuple, such as Optax's EmptyState, nothing but None is kept.
            case "None", "NamedTuple" -> null;
            case "Dict" -> Map.of();
            case "List", "Tuple" -> List.of();
            case "string" -> leaves.text(name);
            default -> leaves.array(name, type);
        };
    }

    /** The tree of a folder without a description. Its structure is in the names of the arrays, as Orbax takes it. */
    private static Object named(Folder folder, LeafStore leaves) throws IOException {
        List<String> arrays = new ArrayList<>();
        for (String name : folder.names()) {
            if (ZarrArray.isAt(folder, name)) {
                arrays.add(name);
            }
        }
        if (arrays.isEmpty()) {
            throw new CheckpointException(folder.name() + ": neither " + Marks.TREE + " nor " + Marks.AGGREGATE
                    + " is there: expected the structure of the tree, which a database of arrays does not have; in Python,"
                    + " restore it into the tree that the program saved, and save that again");
        }
        TreeBuilder tree = new TreeBuilder();
        for (String name : arrays) {
            List<LeafPath.Key> keys = Arrays.stream(name.split("\\.", -1))
                    .map(key -> new LeafPath.Key(key, false))
                    .toList();
            tree.put(folder.name(), new LeafPath(keys), leaves.array(name, "array"));
        }
        return tree.value(folder.name());
    }
}
