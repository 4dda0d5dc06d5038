package io.portolan.checkpoints.ocdbt;

import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The manifest of a database: its configuration and where the root of its newest version is.
 *
 * @param largestNode the largest size of a decompressed node in bytes
 * @param root the newest version's root; empty if the database is empty
 * @param rootHeight the root's height; 0 for a leaf
 */
record Manifest(int largestNode, Optional<NodeReference> root, int rootHeight) {
    /** The name of the file. */
    static final String FILE = "manifest.ocdbt";

    private static final Pattern NUMBERED = Pattern.compile("manifest\\.[0-9a-f]{16}");

    private static final int LARGEST = 64 << 20;
    private static final int MOST_VERSIONS = 1 << 20;
    private static final int UUID_BYTES = 16;
    private static final int HIGHEST = 64;

    /** The kinds: the versions are in this manifest, or in manifests with the number of the newest in their names. */
    private static final int SINGLE = 0;

    private static final int KIND_NUMBERED = 1;

    /** The largest value in a node, by which a node may exceed the size at which it is split. */
    private static final int LARGEST_INLINE = 1 << 20;

    /** The configuration, which every manifest starts with. */
    private record Config(ByteBuffer uuid, int kind, int largestNode) {}

    /** Reads the manifest of the database in a folder. */
    static Manifest read(Folder folder, Budget budget) throws IOException {
        BodyInput in = Envelope.MANIFEST.open(file(folder, FILE), LARGEST);
        Config config = config(in);
        if (config.kind() == SINGLE) {
            return versions(in, config, budget);
        }
        in.requireEnd();
        String newest = folder.names().stream()
                .filter(name -> NUMBERED.matcher(name).matches())
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new CheckpointException(in.name()
                        + ": the database has numbered manifests, and none is there: expected manifest.0000000000000001"
                        + " or a later one"));
        BodyInput numbered = Envelope.MANIFEST.open(file(folder, newest), LARGEST);
        Config again = config(numbered);
        if (again.kind() != SINGLE || !again.uuid().equals(config.uuid())) {
            throw numbered.error("a manifest of another database", "versions of the one that " + FILE + " describes");
        }
        return versions(numbered, config, budget);
    }

    private static StoredValue file(Folder folder, String name) throws IOException {
        return folder.find(name)
                .orElseThrow(() -> new CheckpointException(
                        folder.name() + ": " + name + " is missing: expected it in every OCDBT database"));
    }

    private static Config config(BodyInput in) throws CheckpointException {
        ByteBuffer uuid = in.bytes("the UUID", UUID_BYTES);
        int kind = in.number("the kind of manifest", KIND_NUMBERED);
        in.varint("the largest inline value");
        int largestNode = in.number("the largest node", Integer.MAX_VALUE);
        in.uint8("the arity of the version tree");
        if (in.number("the compression", 1) == 1) {
            in.skip("the compression level", 1, Integer.BYTES);
        }
        return new Config(uuid, kind, (int) Math.min(Integer.MAX_VALUE, (long) largestNode + LARGEST_INLINE));
    }

    /** Reads the newest versions, of which the last is the newest, and the references to older ones. */
    private static Manifest versions(BodyInput in, Config config, Budget budget) throws CheckpointException {
        DataFileTable files = DataFileTable.read(in, "", budget);
        int count = in.count("the number of versions", MOST_VERSIONS);
        if (count == 0) {
            throw in.error("no version", "one at least");
        }
        requireRising(in, in.varints("generations", count));
        int rootHeight = 0;
        for (int i = 0; i < count; i++) {
            rootHeight = in.uint8("heights");
        }
        long[] fileNumbers = in.varints("the files of roots", count);
        long[] offsets = in.varints("the offsets of roots", count);
        long[] lengths = in.varints("the lengths of roots", count);
        for (String statistic : new String[] {"numbers of keys", "sizes of trees", "sizes of values"}) {
            in.varints(statistic, count);
        }
        in.skip("commit times", count, Long.BYTES);
        skipOlder(in);
        in.requireEnd();
        int last = count - 1;
        if (rootHeight > HIGHEST) {
            throw in.error("a tree of height " + rootHeight, "at most " + HIGHEST);
        }
        if (offsets[last] == NodeReference.MISSING && lengths[last] == NodeReference.MISSING) {
            return new Manifest(config.largestNode(), Optional.empty(), rootHeight);
        }
        NodeReference root = new NodeReference(files.file(in, fileNumbers[last]), offsets[last], lengths[last]);
        return new Manifest(config.largestNode(), Optional.of(root), rootHeight);
    }

    private static void requireRising(BodyInput in, long[] generations) throws CheckpointException {
        for (int i = 0; i < generations.length; i++) {
            if (Long.compareUnsigned(generations[i], i == 0 ? 0 : generations[i - 1]) <= 0) {
                throw in.error("generation " + Long.toUnsignedString(generations[i]), "rising ones from 1");
            }
        }
    }

    private static void skipOlder(BodyInput in) throws CheckpointException {
        int count = in.count("the number of version nodes", MOST_VERSIONS);
        for (String column : new String[] {"generations", "files", "offsets", "lengths", "numbers of generations"}) {
            in.varints(column + " of version nodes", count);
        }
        in.skip("commit times of version nodes", count, Long.BYTES);
        in.skip("heights of version nodes", count, 1);
    }
}
