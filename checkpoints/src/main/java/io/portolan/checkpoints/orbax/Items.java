package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The items of a checkpoint: folders in it with a tree each, or with a JSON document. Others, such as the state of a data
 * iterator, hold no arrays of a model and are only listed.
 *
 * @param trees the folders with trees, by name
 * @param documents the JSON documents, by name
 * @param others the names of further folders
 */
record Items(Map<String, Folder> trees, Map<String, StoredValue> documents, List<String> others) {
    private static final Pattern JSON_HANDLER = Pattern.compile(".*\\.Json\\w*Handler");

    /** Whether a folder is a whole checkpoint: a tree, or items. */
    static boolean isCheckpoint(Folder folder) throws IOException {
        if (Marks.isTree(folder) || Marks.description(folder).isPresent()) {
            return true;
        }
        for (String name : folder.names()) {
            // An item may have any name, but where the names are numbers the folder is that of a manager.
            Optional<Folder> item = Steps.isNumbered(name) ? Optional.empty() : folder.folder(name);
            if (item.isPresent() && isItem(item.get())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a folder is an item with a tree. What has a description of its own is a checkpoint of its own. */
    private static boolean isItem(Folder folder) throws IOException {
        return Marks.isTree(folder) && Marks.description(folder).isEmpty();
    }

    /** The items in the folder of a checkpoint. */
    static Items in(Folder checkpoint) throws IOException {
        Optional<JsonDocument> description = Marks.description(checkpoint);
        Map<?, ?> handlers =
                description.isPresent() && description.get().object().get("item_handlers") instanceof Map<?, ?> named
                        ? named
                        : Map.of();
        Items items = new Items(new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        for (String name : checkpoint.names()) {
            Optional<Folder> item = checkpoint.folder(name);
            if (item.isEmpty()) {
                continue;
            }
            Optional<StoredValue> document = document(item.get(), name, handlers.get(name));
            if (isItem(item.get())) {
                items.trees.put(name, item.get());
            } else if (document.isPresent()) {
                items.documents.put(name, document.get());
            } else {
                items.others.add(name);
            }
        }
        return items;
    }

    /** The document that Orbax's handler for JSON wrote; where no handlers are recorded, a file of the names it uses. */
    private static Optional<StoredValue> document(Folder item, String name, Object handler) throws IOException {
        if (handler instanceof String text && !JSON_HANDLER.matcher(text).matches()) {
            return Optional.empty();
        }
        Optional<StoredValue> document = item.find("metadata");
        return document.isPresent() ? document : item.find(name);
    }

    /**
     * The trees to read.
     *
     * @param checkpoint the folder, for errors
     * @param wanted the name of one; empty for all
     * @throws OrbaxChoiceException if there is no such item, or it is no tree
     * @throws CheckpointException if none is a tree
     */
    Map<String, Folder> choose(Folder checkpoint, Optional<String> wanted) throws CheckpointException {
        if (trees.isEmpty()) {
            throw new CheckpointException(checkpoint.name() + ": no item with arrays, only "
                    + Quotation.of(String.join(", ", withoutTrees())) + ": expected one that holds a tree");
        }
        if (wanted.isEmpty()) {
            return trees;
        }
        if (!trees.containsKey(wanted.get())) {
            throw new OrbaxChoiceException(
                    checkpoint.name() + ": no item " + Quotation.of(wanted.get()) + " with arrays: expected one of "
                            + Quotation.of(String.join(", ", trees.keySet())),
                    OrbaxChoiceException.Subject.ITEM,
                    List.copyOf(trees.keySet()));
        }
        return Map.of(wanted.get(), trees.get(wanted.get()));
    }

    /** The names of items that hold no tree. */
    List<String> withoutTrees() {
        List<String> names = new ArrayList<>(documents.keySet());
        names.addAll(others);
        return names;
    }
}
