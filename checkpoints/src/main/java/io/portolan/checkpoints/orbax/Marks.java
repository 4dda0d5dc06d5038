package io.portolan.checkpoints.orbax;

import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.msgpack.FlaxMessagePack;
import io.portolan.checkpoints.ocdbt.OcdbtDatabase;
import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.zarr.ZarrArray;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The files and names by which Orbax's directories are known. */
final class Marks {
    /** The structure of a tree. */
    static final String TREE = "_METADATA";

    /** The structure of a tree in older versions, in MessagePack. */
    static final String AGGREGATE = "checkpoint";

    /** The start of the names of the databases of single processes. */
    static final String PROCESS = "ocdbt.process_";

    /** What describes a whole checkpoint. */
    private static final String CHECKPOINT = "_CHECKPOINT_METADATA";

    /** Written last, by some versions and on some file systems. */
    private static final String COMMITTED = "commit_success.txt";

    /** Part of a folder's name while it is written. */
    private static final String TEMPORARY = ".orbax-checkpoint-tmp";

    private static final int HEAD = 6;

    private Marks() {}

    /** Whether a folder holds a tree. */
    static boolean isTree(Folder folder) throws IOException {
        return folder.find(TREE).isPresent()
                || aggregate(folder).isPresent()
                || OcdbtDatabase.isIn(folder)
                || holdsArrays(folder);
    }

    private static boolean holdsArrays(Folder folder) throws IOException {
        for (String name : folder.names()) {
            if (name.startsWith(PROCESS) || ZarrArray.isAt(folder, name)) {
                return true;
            }
        }
        return false;
    }

    /** The structure of a tree in older versions. TensorFlow's file of the same name is a text. */
    static Optional<StoredValue> aggregate(Folder folder) throws IOException {
        Optional<StoredValue> file = folder.find(AGGREGATE);
        boolean isTree = file.isPresent()
                && FlaxMessagePack.matches(
                        file.get().read(0, (int) Math.min(HEAD, file.get().size())));
        return isTree ? file : Optional.empty();
    }

    static boolean isCommitted(Folder folder) throws IOException {
        return folder.find(COMMITTED).isPresent();
    }

    /** What describes a whole checkpoint, if it is there. */
    static Optional<JsonDocument> description(Folder folder) throws IOException {
        Optional<StoredValue> json = folder.find(CHECKPOINT);
        return json.isPresent() ? Optional.of(JsonDocument.parse(json.get())) : Optional.empty();
    }

    static boolean isTemporary(String name) {
        return name.contains(TEMPORARY);
    }

    /** Why a folder is known not to be complete; empty if it is not. */
    static Optional<String> incompleteness(Folder folder) throws IOException {
        if (isTemporary(folder.ownName())) {
            return Optional.of("its name has an ending that Orbax removes when it is complete");
        }
        for (String name : folder.names()) {
            if (isTemporary(name) && folder.folder(name).isPresent()) {
                return Optional.of("its part " + name + " has an ending that Orbax removes when it is complete");
            }
        }
        Optional<JsonDocument> description = description(folder);
        if (description.isPresent()) {
            Map<?, ?> members = description.get().object();
            if (members.get("init_timestamp_nsecs") != null && members.get("commit_timestamp_nsecs") == null) {
                return Optional.of("its " + CHECKPOINT + " has no time of completion");
            }
        }
        return Optional.empty();
    }
}
