package io.portolan.checkpoints.containers;

import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.RelativePath;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A folder in an archive in memory. A compressed entry is decompressed once, when something of it is read. */
public final class ArchiveFolder implements Folder {
    private static final char AFTER_SLASH = '/' + 1;

    private final String archive;

    /** The path of the folder in the archive: empty, or ending with a slash. */
    private final String path;

    /** The entries of each path in the whole archive, more than one if it is repeated. */
    private final NavigableMap<String, List<ArchiveEntry>> entries;

    private final Opened opened;

    private ArchiveFolder(
            String archive, String path, NavigableMap<String, List<ArchiveEntry>> entries, Opened opened) {
        this.archive = archive;
        this.path = path;
        this.entries = entries;
        this.opened = opened;
    }

    /**
     * The top of an archive.
     *
     * @param size the size of the archive, by which the limits bound that of all entries together
     * @param entries its files, whose names have been checked
     */
    static ArchiveFolder of(String archive, long size, List<? extends ArchiveEntry> entries, UnpackingLimits limits) {
        NavigableMap<String, List<ArchiveEntry>> byPath = new TreeMap<>();
        for (ArchiveEntry entry : entries) {
            byPath.computeIfAbsent(plain(entry.name()), name -> new ArrayList<>())
                    .add(entry);
        }
        return new ArchiveFolder(archive, "", byPath, new Opened(size, limits));
    }

    /** A name without parts that mean nothing, such as the dot that tar puts before it. */
    private static String plain(String name) {
        return Arrays.stream(name.split("/"))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .collect(Collectors.joining("/"));
    }

    @Override
    public String name() {
        return path.isEmpty() ? archive : archive + "!" + path.substring(0, path.length() - 1);
    }

    @Override
    public String ownName() {
        return path.isEmpty() ? "" : path.substring(path.lastIndexOf('/', path.length() - 2) + 1, path.length() - 1);
    }

    @Override
    public Optional<StoredValue> find(String key) throws IOException {
        String entry = path + RelativePath.require(name(), key);
        return entries.containsKey(entry) ? Optional.of(value(entry)) : Optional.empty();
    }

    /** Leaps from one name to the next, over all that is below it: a path may have thousands of parts, and a folder as many files. */
    @Override
    public List<String> names() {
        Set<String> names = new LinkedHashSet<>();
        String entry = entries.ceilingKey(path);
        while (entry != null && entry.startsWith(path)) {
            int end = entry.indexOf('/', path.length());
            names.add(entry.substring(path.length(), end < 0 ? entry.length() : end));
            entry = end < 0 ? entries.higherKey(entry) : entries.ceilingKey(entry.substring(0, end) + AFTER_SLASH);
        }
        return List.copyOf(names);
    }

    @Override
    public Optional<Folder> folder(String name) throws IOException {
        ArchiveFolder folder =
                new ArchiveFolder(archive, path + RelativePath.require(name(), name) + "/", entries, opened);
        return folder.below().isEmpty() ? Optional.empty() : Optional.of(folder);
    }

    @Override
    public List<StoredValue> files() throws IOException {
        List<StoredValue> files = new ArrayList<>();
        for (String entry : below().keySet()) {
            files.add(value(entry));
        }
        return files;
    }

    private NavigableMap<String, List<ArchiveEntry>> below() {
        return path.isEmpty() ? entries : entries.subMap(path, true, path + Character.MAX_VALUE, true);
    }

    private StoredValue value(String entry) throws IOException {
        String name = archive + "!" + entry;
        List<ArchiveEntry> found = entries.get(entry);
        if (found.size() > 1) {
            throw new CheckpointException(name + ": the entry is repeated: expected each name once");
        }
        return new EntryValue(name, found.get(0), opened);
    }

    /** The entries that have been opened. */
    private static final class Opened {
        private final long archiveSize;
        private final UnpackingLimits limits;
        private final Map<ArchiveEntry, ByteRegion> contents = new IdentityHashMap<>();
        private long total;

        Opened(long archiveSize, UnpackingLimits limits) {
            this.archiveSize = archiveSize;
            this.limits = limits;
        }

        synchronized ByteRegion contents(String name, ArchiveEntry entry) throws IOException {
            ByteRegion known = contents.get(entry);
            if (known == null) {
                known = entry.contents();
                total += known.size();
                limits.check(name, archiveSize, total);
                contents.put(entry, known);
            }
            return known;
        }
    }

    /** The contents of an entry. */
    private record EntryValue(String name, ArchiveEntry entry, Opened opened) implements StoredValue {
        @Override
        public long size() {
            return entry.size();
        }

        @Override
        public ByteBuffer read(long offset, int length) throws IOException {
            requireWithin(name, offset, length);
            return opened.contents(name, entry).slice(offset, length).buffer();
        }
    }
}
