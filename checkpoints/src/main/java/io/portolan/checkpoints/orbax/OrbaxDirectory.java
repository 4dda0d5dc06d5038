package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a directory of Orbax: that of a tree ({@code StandardCheckpointer}, {@code PyTreeCheckpointer}), of a checkpoint
 * with items, or the folder of a {@code CheckpointManager} with its steps.
 */
public final class OrbaxDirectory {
    private static final int DEEPEST = 64;

    private final UnpackingLimits limits;
    private final Optional<String> item;
    private final Map<String, Object> metadata = new LinkedHashMap<>();

    private OrbaxDirectory(UnpackingLimits limits, Optional<String> item) {
        this.limits = limits;
        this.item = item;
    }

    /** Whether a folder is such a directory, complete or not. */
    private static boolean matches(Folder folder) throws IOException {
        return Items.isCheckpoint(folder)
                || Marks.isTemporary(folder.ownName())
                || Steps.in(folder).isPresent();
    }

    /**
     * The directory that a folder or archive is, or holds within at most {@value #DEEPEST} folders that hold nothing else; empty
     * if there is none.
     */
    public static Optional<Folder> in(Folder top) throws IOException {
        Optional<Folder> folder = Optional.of(top);
        for (int depth = 0; folder.isPresent() && !matches(folder.get()); depth++) {
            List<String> names = folder.get().names();
            folder = names.size() == 1 && depth < DEEPEST ? folder.get().folder(names.get(0)) : Optional.empty();
        }
        return folder;
    }

    /**
     * Reads a directory, without the elements of its arrays.
     *
     * @throws CheckpointException if it is not complete, malformed, or does not have what is chosen
     */
    public static OrbaxCheckpoint read(Folder folder, OrbaxChoice choice, UnpackingLimits limits) throws IOException {
        OrbaxDirectory directory = new OrbaxDirectory(limits, choice.item());
        Optional<Steps> steps = steps(folder, choice);
        if (steps.isEmpty()) {
            return directory.checkpoint(folder, "");
        }
        long step = steps.get().choose(folder, choice.step());
        return directory.checkpoint(
                steps.get().complete().get(step),
                ", step " + step + " of " + steps.get().listed());
    }

    /**
     * The files of what is read, in the order of their paths: those of the directory, or of the step.
     *
     * @throws CheckpointException if it does not have the step that is chosen
     */
    public static List<StoredValue> files(Folder folder, OrbaxChoice choice) throws IOException {
        Optional<Steps> steps = steps(folder, choice);
        return steps.isEmpty()
                ? folder.files()
                : steps.get()
                        .complete()
                        .get(steps.get().choose(folder, choice.step()))
                        .files();
    }

    /** The steps in a folder; empty if it is a single checkpoint. */
    private static Optional<Steps> steps(Folder folder, OrbaxChoice choice) throws IOException {
        Optional<Steps> steps = Items.isCheckpoint(folder) ? Optional.empty() : Steps.in(folder);
        if (steps.isEmpty() && choice.step().isPresent()) {
            throw new OrbaxChoiceException(
                    folder.name() + ": a single checkpoint, from which step "
                            + choice.step().getAsLong() + " is to be read: expected a folder with steps, or no choice",
                    OrbaxChoiceException.Subject.STEP,
                    List.of());
        }
        return steps;
    }

    private OrbaxCheckpoint checkpoint(Folder folder, String step) throws IOException {
        Optional<String> incompleteness = Marks.incompleteness(folder);
        if (incompleteness.isPresent()) {
            throw new CheckpointException(folder.name() + ": saving this checkpoint was not finished, "
                    + incompleteness.get() + ": expected a complete one, such as that of an earlier step");
        }
        if (!Marks.isTree(folder)) {
            return items(folder, step);
        }
        if (item.isPresent()) {
            throw new OrbaxChoiceException(
                    folder.name() + ": a single tree, from which the item " + Quotation.of(item.get())
                            + " is to be read: expected a checkpoint with items, or no choice",
                    OrbaxChoiceException.Subject.ITEM,
                    List.of());
        }
        OrbaxTree tree = OrbaxTree.read(folder, limits);
        return result(folder, tree.root(), tree.custom(), "orbax (" + tree.format() + ")" + step);
    }

    /** Reads the items: a single tree is that of the checkpoint, several are the entries of a dictionary. */
    private OrbaxCheckpoint items(Folder folder, String step) throws IOException {
        Items items = Items.in(folder);
        Map<String, Folder> chosen = items.choose(folder, item);
        Map<String, Object> roots = new LinkedHashMap<>();
        Map<String, Object> customs = new LinkedHashMap<>();
        Set<String> formats = new TreeSet<>();
        for (Map.Entry<String, Folder> entry : chosen.entrySet()) {
            OrbaxTree tree = OrbaxTree.read(entry.getValue(), limits);
            roots.put(entry.getKey(), tree.root());
            formats.add(tree.format());
            if (tree.custom() != null) {
                customs.put(entry.getKey(), tree.custom());
            }
        }
        Object root = roots.size() == 1 ? roots.values().iterator().next() : Collections.unmodifiableMap(roots);
        for (Map.Entry<String, StoredValue> document : items.documents().entrySet()) {
            add(root, document.getKey(), JsonDocument.parse(document.getValue()).root());
        }
        String description = "orbax (" + String.join("; ", formats) + ")" + step
                + (chosen.size() == 1 ? ", item " : ", items ") + Quotation.of(String.join(", ", chosen.keySet()))
                + (items.withoutTrees().isEmpty()
                        ? ""
                        : " beside " + Quotation.of(String.join(", ", items.withoutTrees())));
        return result(folder, root, customs.isEmpty() ? null : customs, description);
    }

    private OrbaxCheckpoint result(Folder folder, Object root, Object custom, String description) throws IOException {
        if (custom != null) {
            add(root, "tree_custom_metadata", custom);
        }
        Optional<JsonDocument> json = Marks.description(folder);
        if (json.isPresent()) {
            for (String member : List.of("custom_metadata", "metrics")) {
                Object value = json.get().object().get(member);
                if (value != null && !(value instanceof Map<?, ?> map && map.isEmpty())) {
                    add(root, member, value);
                }
            }
        }
        return new OrbaxCheckpoint(root, Collections.unmodifiableMap(metadata), description);
    }

    /** Adds metadata under a name that the tree does not have. */
    private void add(Object root, String name, Object value) {
        String free = name;
        while (metadata.containsKey(free) || root instanceof Map<?, ?> map && map.containsKey(free)) {
            free += "_";
        }
        metadata.put(free, value);
    }
}
