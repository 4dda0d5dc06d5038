package io.portolan.checkpoints.stores;

import io.portolan.checkpoints.values.CheckpointException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A folder whose files tests put together. */
public final class MemoryFolder implements Folder {
    private final String path;
    private final NavigableMap<String, byte[]> files;

    private MemoryFolder(String path, NavigableMap<String, byte[]> files) {
        this.path = path;
        this.files = files;
    }

    /** A folder of files by their paths; it shows what is put into the map later. */
    public static MemoryFolder of(NavigableMap<String, byte[]> files) {
        return new MemoryFolder("", files);
    }

    public static MemoryFolder of(Map<String, byte[]> files) {
        return new MemoryFolder("", new TreeMap<>(files));
    }

    @Override
    public String name() {
        return path.isEmpty() ? "memory" : "memory/" + path.substring(0, path.length() - 1);
    }

    @Override
    public String ownName() {
        return path.isEmpty() ? "" : path.substring(path.lastIndexOf('/', path.length() - 2) + 1, path.length() - 1);
    }

    @Override
    public Optional<StoredValue> find(String key) throws CheckpointException {
        byte[] bytes = files.get(path + RelativePath.require(name(), key));
        return Optional.ofNullable(bytes).map(found -> value(path + key, found));
    }

    @Override
    public List<String> names() {
        return below().keySet().stream()
                .map(file -> file.substring(path.length()).split("/", 2)[0])
                .distinct()
                .toList();
    }

    @Override
    public Optional<Folder> folder(String name) throws CheckpointException {
        MemoryFolder folder = new MemoryFolder(path + RelativePath.require(name(), name) + "/", files);
        return folder.below().isEmpty() ? Optional.empty() : Optional.of(folder);
    }

    @Override
    public List<StoredValue> files() {
        List<StoredValue> values = new ArrayList<>();
        below().forEach((file, bytes) -> values.add(value(file, bytes)));
        return values;
    }

    private NavigableMap<String, byte[]> below() {
        return path.isEmpty() ? files : files.subMap(path, true, path + Character.MAX_VALUE, true);
    }

    private static StoredValue value(String file, byte[] bytes) {
        return new MemoryValue("memory/" + file, ByteBuffer.wrap(bytes));
    }
}
