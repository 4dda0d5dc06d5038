package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.ocdbt.DatabaseUnion;
import io.portolan.checkpoints.ocdbt.OcdbtDatabase;
import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.Store;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.zarr.ZarrArray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The values of a tree's leaves by name: arrays in a database or in folders, and texts in a document. */
final class LeafStore {
    private static final String STRINGS = "_strings.json";

    private final Folder folder;
    private final Store arrays;
    private final String kind;
    private final boolean isComplete;
    private final long largest;
    private final Set<String> taken = new HashSet<>();
    private final Set<String> formats = new TreeSet<>();
    private JsonDocument texts;
    private long bytes;

    private LeafStore(Folder folder, Store arrays, String kind, boolean isComplete, long largest) {
        this.folder = folder;
        this.arrays = arrays;
        this.kind = kind;
        this.isComplete = isComplete;
        this.largest = largest;
    }

    /**
     * Opens the values of a tree.
     *
     * @param usesDatabase whether the tree's metadata says that the arrays are in a database
     * @param isComplete whether it says that every chunk was written
     * @param limits bound the size of all arrays together by that of the folder
     */
    static LeafStore open(Folder folder, boolean usesDatabase, boolean isComplete, UnpackingLimits limits)
            throws IOException {
        long stored = folder.files().stream().mapToLong(StoredValue::size).sum();
        long largest = Math.max(limits.always(), limits.ratio() * stored);
        if (OcdbtDatabase.isIn(folder)) {
            return new LeafStore(folder, OcdbtDatabase.open(folder), "OCDBT", isComplete, largest);
        }
        List<OcdbtDatabase> databases = new ArrayList<>();
        for (String name : folder.names()) {
            Optional<Folder> process = name.startsWith(Marks.PROCESS) ? folder.folder(name) : Optional.empty();
            if (process.isPresent()) {
                databases.add(OcdbtDatabase.open(process.get()));
            }
        }
        if (!databases.isEmpty()) {
            Store union = new DatabaseUnion(folder.name(), databases);
            return new LeafStore(folder, union, "OCDBT of each process", isComplete, largest);
        }
        if (usesDatabase) {
            throw new CheckpointException(folder.name()
                    + ": manifest.ocdbt is missing: expected the database of the arrays; the copy may be incomplete");
        }
        return new LeafStore(folder, folder, "files", isComplete, largest);
    }

    /**
     * The array of a leaf.
     *
     * @param type the leaf's type, for errors
     * @throws CheckpointException if there is none, its metadata is malformed, chunks are missing, or another leaf has the
     *     same name
     */
    ArrayData array(String name, String type) throws IOException {
        ZarrArray array = ZarrArray.open(arrays, name, isComplete)
                .orElseThrow(() -> new CheckpointException(folder.name() + ": the array " + Quotation.of(name)
                        + " of type " + Quotation.of(type)
                        + " is missing: expected every leaf of the tree; the copy may be incomplete"));
        if (!taken.add(name)) {
            throw new CheckpointException(folder.name() + ": two leaves share the array " + Quotation.of(name)
                    + ": expected one for each; Orbax joins the keys by dots, so that one with a dot may be mistaken");
        }
        bytes += array.byteCount();
        if (bytes < 0 || bytes > largest) {
            throw new CheckpointException(folder.name() + ": files of far fewer bytes hold arrays of more than "
                    + largest + ": expected a checkpoint; trained weights do not compress so well");
        }
        formats.add(array.format());
        return array.data();
    }

    /** The text of a leaf. Its name is a JSON pointer, so that a key with a slash leads to an object within. */
    String text(String name) throws IOException {
        if (texts == null) {
            texts = JsonDocument.parse(folder.find(STRINGS)
                    .orElseThrow(() -> new CheckpointException(folder.name() + ": " + STRINGS
                            + " is missing: expected it, since the tree has text; the copy may be incomplete")));
        }
        Object value = texts.root();
        for (String part : name.split("/", -1)) {
            Map<?, ?> members = texts.object("what holds the text " + Quotation.of(name), value);
            value = members.get(part.replace("~1", "/").replace("~0", "~"));
        }
        return texts.text("the text " + Quotation.of(name), value);
    }

    /** How the arrays are stored, such as {@code OCDBT, zarr v2}. */
    String format() {
        return formats.isEmpty() ? kind : kind + ", " + String.join(", ", formats);
    }
}
