package io.portolan.checkpoints.ocdbt;

import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.MemoryValue;
import io.portolan.checkpoints.stores.Store;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.Quotation;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The newest version of an OCDBT database in a folder. Opening it reads the manifest and the nodes of the tree, with
 * their checksums; values outside of the nodes are read when they are asked for, and have no checksum in this format.
 */
public final class OcdbtDatabase implements Store {
    private final Folder folder;
    private final Budget budget = new Budget();
    private final Map<String, StoredValue> values = new LinkedHashMap<>();
    private final Map<String, StoredValue> files = new HashMap<>();
    private byte[] lastKey;

    private OcdbtDatabase(Folder folder) {
        this.folder = folder;
    }

    /** Whether a folder is a database: it has a manifest. */
    public static boolean isIn(Folder folder) throws IOException {
        return folder.find(Manifest.FILE).isPresent();
    }

    /**
     * Opens the database in a folder.
     *
     * @throws CheckpointException if manifest or nodes are damaged or malformed, refer to files outside the folder or to
     *     bytes that are not there, or exceed the budgets
     */
    public static OcdbtDatabase open(Folder folder) throws IOException {
        OcdbtDatabase database = new OcdbtDatabase(folder);
        Manifest manifest = Manifest.read(folder, database.budget);
        if (manifest.root().isPresent()) {
            database.visit(
                    manifest.root().get(), manifest.rootHeight(), manifest.largestNode(), new byte[0], new byte[0]);
        }
        return database;
    }

    @Override
    public String name() {
        return folder.name();
    }

    @Override
    public Optional<StoredValue> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** All keys, in their order. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /**
     * Adds the keys below a node. The depth of the recursion is the tree's height, which falls by one each time.
     *
     * @param prefix what all keys of the node continue
     * @param least the smallest key that the node may hold
     */
    private void visit(NodeReference reference, int height, int largestNode, byte[] prefix, byte[] least)
            throws IOException {
        budget.takeNode(name());
        String name = fileName(reference) + ": the node at byte " + Long.toUnsignedString(reference.offset());
        BodyInput in = Envelope.NODE.open(part(reference, name), largestNode);
        TreeNode node = TreeNode.read(in, reference.file().base(), budget);
        if (node.height() != height) {
            throw error(name, "height " + node.height(), height + ", one less than that of its parent");
        }
        byte[] floor = least;
        for (TreeNode.Child child : node.children()) {
            byte[] key = joined(prefix, child.key());
            if (Arrays.compareUnsigned(key, floor) < 0) {
                throw error(name, "a key out of order", "rising keys");
            }
            floor = key;
            visit(child.node(), height - 1, largestNode, joined(prefix, child.prefix()), key);
        }
        for (TreeNode.Value value : node.values()) {
            add(in, value, joined(prefix, value.key()), least);
        }
    }

    /** Adds a value. All keys rise through the whole tree, so that no node can be used twice. */
    private void add(BodyInput in, TreeNode.Value value, byte[] key, byte[] least) throws IOException {
        budget.takeKey(name());
        if (lastKey != null && Arrays.compareUnsigned(key, lastKey) <= 0 || Arrays.compareUnsigned(key, least) < 0) {
            throw error(in.name(), "a key out of order", "rising keys, each once");
        }
        lastKey = key;
        String text = DataFileTable.text(in, key, key.length);
        String label = name() + "!" + Quotation.of(text);
        values.put(text, value.inline() != null ? new MemoryValue(label, value.inline()) : part(value.file(), label));
    }

    private byte[] joined(byte[] prefix, byte[] key) throws CheckpointException {
        budget.takeText(name(), prefix.length + key.length);
        byte[] joined = Arrays.copyOf(prefix, prefix.length + key.length);
        System.arraycopy(key, 0, joined, prefix.length, key.length);
        return joined;
    }

    private StoredValue part(NodeReference reference, String label) throws IOException {
        String path = reference.file().path();
        StoredValue file = files.get(path);
        if (file == null) {
            file = folder.find(path)
                    .orElseThrow(() -> error(
                            fileName(reference),
                            "the file is missing",
                            "it, since the database refers to it; the copy may be incomplete"));
            files.put(path, file);
        }
        return file.part(label, reference.offset(), reference.length());
    }

    private String fileName(NodeReference reference) {
        return name() + "/" + reference.file().path();
    }

    private static CheckpointException error(String name, String problem, String expectation) {
        return new CheckpointException(name + ": " + problem + ": expected " + expectation);
    }
}
