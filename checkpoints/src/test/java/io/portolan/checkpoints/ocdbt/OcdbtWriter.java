package io.portolan.checkpoints.ocdbt;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Writes databases as TensorStore does, in all the forms that a reader may meet.
 *
 * @param fanOut the number of entries of a node; those of one level are filled before there is a next one
 * @param largestInline the size in bytes up to which values are within the nodes
 * @param compressed whether manifests and nodes are compressed
 * @param numbered whether the versions are in a numbered manifest
 * @param base the start of the data file's path, which the paths in nodes continue
 */
public record OcdbtWriter(int fanOut, int largestInline, boolean compressed, boolean numbered, String base) {
    private static final String FILE = "d/0123456789abcdef";

    /** The form in which Orbax writes. */
    public static OcdbtWriter standard() {
        return new OcdbtWriter(1 << 20, 1024, true, false, "");
    }

    private record Entry(byte[] key, byte[] value, long offset) {
        boolean isInline() {
            return offset < 0;
        }
    }

    private record Node(byte[] firstKey, int shared, long offset, int length) {}

    /** The files of a database with these values, by their paths. */
    public NavigableMap<String, byte[]> files(Map<String, byte[]> values) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        List<Entry> entries = new ArrayList<>();
        new TreeMap<>(values).forEach((key, value) -> {
            long offset = value.length > largestInline ? data.size() : -1;
            data.writeBytes(offset < 0 ? new byte[0] : value);
            entries.add(new Entry(OcdbtBytes.utf8(key), value, offset));
        });
        int height = 0;
        for (long reach = fanOut; reach < entries.size(); reach *= fanOut) {
            height++;
        }
        NavigableMap<String, byte[]> files = new TreeMap<>();
        Node root = entries.isEmpty() ? new Node(new byte[0], 0, -1, -1) : node(entries, height, 0, data);
        files.put(base + FILE, data.toByteArray());
        OcdbtBytes versions = config(0)
                .table(base, FILE)
                .varints(1, 1)
                .bytes(height)
                .varints(0, root.offset(), root.length(), entries.size(), 0, 0)
                .zeros(8)
                .varints(0);
        if (numbered) {
            files.put("manifest.ocdbt", config(1).enveloped(OcdbtBytes.MANIFEST, compressed));
            files.put("manifest.0000000000000009", new byte[0]);
            files.put("manifest.000000000000000a", versions.enveloped(OcdbtBytes.MANIFEST, compressed));
        } else {
            files.put("manifest.ocdbt", versions.enveloped(OcdbtBytes.MANIFEST, compressed));
        }
        return files;
    }

    /** The configuration at the start of a manifest. */
    public static OcdbtBytes config(int kind) {
        return new OcdbtBytes()
                .zeros(16)
                .varints(kind, 1024, 100_000_000)
                .bytes(4)
                .varints(1)
                .zeros(4);
    }

    private Node node(List<Entry> entries, int height, int prefix, ByteArrayOutputStream data) {
        OcdbtBytes body = new OcdbtBytes();
        body.bytes(height).table("", FILE);
        if (height == 0) {
            leaf(entries, prefix, body);
        } else {
            interior(entries, height, prefix, body, data);
        }
        byte[] node = body.enveloped(OcdbtBytes.NODE, compressed);
        Node written = new Node(entries.get(0).key(), shared(entries), data.size(), node.length);
        data.writeBytes(node);
        return written;
    }

    private void leaf(List<Entry> entries, int prefix, OcdbtBytes body) {
        body.varints(entries.size())
                .texts(relative(entries.stream().map(Entry::key).toList(), prefix), new OcdbtBytes());
        entries.forEach(entry -> body.varints(entry.value().length));
        entries.forEach(entry -> body.varints(entry.isInline() ? 0 : 1));
        List<Entry> indirect =
                entries.stream().filter(entry -> !entry.isInline()).toList();
        indirect.forEach(entry -> body.varints(0));
        indirect.forEach(entry -> body.varints(entry.offset()));
        entries.stream().filter(Entry::isInline).forEach(entry -> body.raw(entry.value()));
    }

    private void interior(List<Entry> entries, int height, int prefix, OcdbtBytes body, ByteArrayOutputStream data) {
        int reach = (int) Math.pow(fanOut, height);
        List<Node> children = new ArrayList<>();
        for (int start = 0; start < entries.size(); start += reach) {
            List<Entry> below = entries.subList(start, Math.min(entries.size(), start + reach));
            children.add(node(below, height - 1, shared(below), data));
        }
        OcdbtBytes sharedLengths = new OcdbtBytes();
        children.forEach(child -> sharedLengths.varints(child.shared() - prefix));
        body.varints(children.size())
                .texts(relative(children.stream().map(Node::firstKey).toList(), prefix), sharedLengths);
        children.forEach(child -> body.varints(0));
        children.forEach(child -> body.varints(child.offset()));
        children.forEach(child -> body.varints(child.length()));
        for (int i = 0; i < 3 * children.size(); i++) {
            body.varints(-1);
        }
    }

    private static List<byte[]> relative(List<byte[]> keys, int prefix) {
        return keys.stream()
                .map(key -> Arrays.copyOfRange(key, prefix, key.length))
                .toList();
    }

    private static int shared(List<Entry> entries) {
        byte[] first = entries.get(0).key();
        byte[] last = entries.get(entries.size() - 1).key();
        int difference = Arrays.mismatch(first, last);
        return difference < 0 ? first.length : difference;
    }
}
