package io.portolan.checkpoints.ocdbt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.stores.MemoryFolder;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases of every form, and those made to mislead the reader. */
class OcdbtDatabaseTest {
    private static final String FILE = "d/f";
    private static final byte[] VALUE = {1, 2, 3};

    @ParameterizedTest
    @CsvSource({
        "1048576, 1024, true, false, ''",
        "1048576, 0, false, false, ''",
        "7, 16, true, false, ''",
        "3, 16, false, true, ''",
        "2, 1024, true, true, ocdbt.process_0/"
    })
    void everyValueIsFoundInATreeOfAnyHeight(int fanOut, int inline, boolean compressed, boolean numbered, String base)
            throws IOException {
        Map<String, byte[]> values = values(200);
        OcdbtDatabase database = open(new OcdbtWriter(fanOut, inline, compressed, numbered, base).files(values));

        assertThat(database.keys()).containsExactlyElementsOf(new TreeMap<>(values).keySet());
        for (Map.Entry<String, byte[]> value : values.entrySet()) {
            StoredValue found = database.find(value.getKey()).orElseThrow();
            byte[] bytes = new byte[(int) found.size()];
            found.read(bytes.length).get(bytes);
            assertThat(bytes).isEqualTo(value.getValue());
        }
        assertThat(database.find("a.1/")).isEmpty();
    }

    @Test
    void aDatabaseMayBeEmpty() throws IOException {
        assertThat(open(OcdbtWriter.standard().files(Map.of())).keys()).isEmpty();
    }

    @Test
    void everyChangedBitOfManifestOrNodeIsNoticed() throws IOException {
        NavigableMap<String, byte[]> files = new OcdbtWriter(4, 1024, true, false, "").files(values(20));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            for (int at = 0; at < file.getValue().length; at++) {
                NavigableMap<String, byte[]> damaged = new TreeMap<>(files);
                byte[] bytes = file.getValue().clone();
                bytes[at] ^= 0x10;
                damaged.put(file.getKey(), bytes);
                assertThatThrownBy(() -> open(damaged))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("expected ");
            }
        }
    }

    @Test
    void aFileThatIsCutShortIsNoticed() {
        NavigableMap<String, byte[]> files = new OcdbtWriter(4, 0, true, false, "").files(values(20));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            for (int length = 0; length < file.getValue().length; length += 7) {
                NavigableMap<String, byte[]> cut = new TreeMap<>(files);
                cut.put(file.getKey(), Arrays.copyOf(file.getValue(), length));
                assertThatThrownBy(() -> open(cut))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("expected ");
            }
        }
    }

    @ParameterizedTest
    @MethodSource
    void aHostileManifestIsRefused(String problem, byte[] manifest) {
        refused(problem, new TreeMap<>(Map.of("manifest.ocdbt", manifest)));
    }

    static List<Arguments> aHostileManifestIsRefused() {
        return List.of(
                Arguments.of("the path '../secret': expected one that stays below", manifest("../secret", "", 0, 9, 0)),
                Arguments.of("the path '/etc/passwd'", manifest("/etc/passwd", "", 0, 9, 0)),
                Arguments.of("the path 'd/../../x'", manifest("d/../../x", "", 0, 9, 0)),
                Arguments.of("the path 'd//x'", manifest("d//x", "", 0, 9, 0)),
                Arguments.of("the file is missing", manifest("d/none", "", 0, 9, 0)),
                Arguments.of("a tree of height 65", manifest(FILE, "", 0, 9, 65)),
                Arguments.of("the kind of manifest is 2", OcdbtWriter.config(2).enveloped(OcdbtBytes.MANIFEST, true)),
                Arguments.of("and none is there", OcdbtWriter.config(1).enveloped(OcdbtBytes.MANIFEST, true)),
                Arguments.of("no version", versions().varints(0).enveloped(OcdbtBytes.MANIFEST, true)),
                Arguments.of(
                        "the number of versions is 9 with 2 bytes left",
                        versions().varints(9, 1, 1).enveloped(OcdbtBytes.MANIFEST, true)),
                Arguments.of("generation 0", versions().varints(1, 0).zeros(40).enveloped(OcdbtBytes.MANIFEST, true)),
                Arguments.of("bytes follow", envelope(false, manifest(0).bytes(0))),
                Arguments.of(
                        "more than 64 bits", versions().zeros(0).raw(ones(11)).enveloped(OcdbtBytes.MANIFEST, true)),
                Arguments.of("data file 1 at byte", manifest(1).enveloped(OcdbtBytes.MANIFEST, true)),
                Arguments.of("does not start as one", new OcdbtBytes().zeros(40).enveloped(OcdbtBytes.NODE, false)),
                Arguments.of(
                        "zstd data of more than",
                        new OcdbtBytes().zeros(65 << 20).enveloped(OcdbtBytes.MANIFEST, true)));
    }

    @ParameterizedTest
    @MethodSource
    void aHostileNodeIsRefused(String problem, int height, OcdbtBytes node) {
        byte[] bytes = node.enveloped(OcdbtBytes.NODE, true);
        refused(
                problem,
                new TreeMap<>(Map.of("manifest.ocdbt", manifest(FILE, "", 0, bytes.length, height), FILE, bytes)));
    }

    static List<Arguments> aHostileNodeIsRefused() {
        return List.of(
                Arguments.of("height 0: expected 1", 1, leaf("a")),
                Arguments.of("height 1: expected 0", 0, interior(1, "a", 0)),
                Arguments.of("height 1: expected 0, one less", 1, interior(1, "a", 0)),
                Arguments.of(
                        "a node without entries",
                        0,
                        new OcdbtBytes().bytes(0).table("", FILE).varints(0)),
                Arguments.of("a key out of order", 0, leaf("b", "a")),
                Arguments.of("a key out of order", 0, leaf("a", "a")),
                Arguments.of(
                        "the number of entries is",
                        0,
                        new OcdbtBytes().bytes(0).table("", FILE).varints(1 << 21)),
                Arguments.of(
                        "with 1 bytes left",
                        0,
                        new OcdbtBytes().bytes(0).table("", FILE).varints(1 << 20, 0)),
                Arguments.of(
                        "expected no more than the text before it has",
                        0,
                        new OcdbtBytes()
                                .bytes(0)
                                .table("", FILE)
                                .varints(2, 9, 1, 1)
                                .raw(OcdbtBytes.utf8("ab"))),
                Arguments.of(
                        "a path or key that is no text",
                        0,
                        new OcdbtBytes()
                                .bytes(0)
                                .table("", FILE)
                                .varints(1, 1)
                                .bytes(0xff)
                                .varints(0, 0)),
                Arguments.of(
                        "a common prefix of 5 bytes of a key of 1",
                        1,
                        new OcdbtBytes()
                                .bytes(1)
                                .table("", FILE)
                                .varints(1, 1, 5)
                                .raw(OcdbtBytes.utf8("a"))
                                .varints(0, 0, 9, 0, 0, 0)),
                Arguments.of(
                        "an inline value of",
                        0,
                        new OcdbtBytes()
                                .bytes(0)
                                .table("", FILE)
                                .varints(1, 1)
                                .raw(OcdbtBytes.utf8("a"))
                                .varints(-1, 0)),
                Arguments.of(
                        "expected them within memory/d/f",
                        0,
                        new OcdbtBytes()
                                .bytes(0)
                                .table("", FILE)
                                .varints(1, 1)
                                .raw(OcdbtBytes.utf8("a"))
                                .varints(1L << 40, 1, 0, 5)),
                Arguments.of(
                        "the path '../x'",
                        0,
                        new OcdbtBytes()
                                .bytes(0)
                                .table("../", "x")
                                .varints(1, 1)
                                .raw(OcdbtBytes.utf8("a"))));
    }

    /** A node whose children are all the same: visited once for each, the tree would have 2^40 leaves. */
    @Test
    void aNodeIsNotUsedTwice() {
        byte[] data = new byte[0];
        long child = 0;
        int length = 0;
        for (int height = 0; height <= 40; height++) {
            OcdbtBytes body = new OcdbtBytes().bytes(height).table("", FILE);
            if (height == 0) {
                body.varints(1, 1).raw(OcdbtBytes.utf8("k")).varints(0, 0);
            } else {
                body.varints(2, 0, 1, 1, 0, 0)
                        .raw(OcdbtBytes.utf8("ab"))
                        .varints(0, 0, child, child, length, length, 0, 0, 0, 0, 0, 0);
            }
            byte[] node = body.enveloped(OcdbtBytes.NODE, false);
            child = data.length;
            length = node.length;
            byte[] joined = Arrays.copyOf(data, data.length + node.length);
            System.arraycopy(node, 0, joined, data.length, node.length);
            data = joined;
        }
        refused(
                "a key out of order",
                new TreeMap<>(Map.of("manifest.ocdbt", manifest(FILE, "", child, length, 40), FILE, data)));
    }

    @Test
    void shortColumnsDoNotMakeLongKeysWithoutEnd() {
        int count = 100_000;
        OcdbtBytes body = new OcdbtBytes().bytes(0).table("", FILE).varints(count);
        for (int i = 1; i < count; i++) {
            body.varints(Math.min(60_000, 60_000 + i - 1));
        }
        body.varints(60_000);
        for (int i = 1; i < count; i++) {
            body.varints(1);
        }
        byte[] node = body.zeros(60_000 + count).enveloped(OcdbtBytes.NODE, true);
        refused(
                "more than 268435456 bytes of keys and paths",
                new TreeMap<>(Map.of("manifest.ocdbt", manifest(FILE, "", 0, node.length, 0), FILE, node)));
    }

    @Test
    void databasesOfProcessesAreOneIfTheyAgree() throws IOException {
        OcdbtDatabase one = open(OcdbtWriter.standard().files(Map.of("a/.zarray", VALUE, "a/0", VALUE)));
        OcdbtDatabase other = open(OcdbtWriter.standard().files(Map.of("a/.zarray", VALUE, "a/1", VALUE)));
        OcdbtDatabase third = open(OcdbtWriter.standard().files(Map.of("a/0", new byte[] {3, 2, 1})));

        DatabaseUnion union = new DatabaseUnion("union", List.of(one, other));
        assertThat(union.find("a/.zarray")).isPresent();
        assertThat(union.find("a/0")).isPresent();
        assertThat(union.find("a/1")).isPresent();
        assertThat(union.find("a/2")).isEmpty();
        assertThatThrownBy(() -> new DatabaseUnion("union", List.of(one, third)).find("a/0"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("differ: expected the same value");
    }

    private static Map<String, byte[]> values(int count) {
        Random random = new Random(1);
        Map<String, byte[]> values = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[random.nextInt(40)];
            random.nextBytes(value);
            values.put("params.layer_" + i + "/" + (i % 3 == 0 ? ".zarray" : "0.0"), value);
        }
        return values;
    }

    private static OcdbtBytes versions() {
        return OcdbtWriter.config(0).table("", FILE);
    }

    private static OcdbtBytes manifest(int file) {
        return versions()
                .varints(1, 1)
                .bytes(0)
                .varints(file, 0, 9, 1, 0, 0)
                .zeros(8)
                .varints(0);
    }

    private static byte[] manifest(String path, String base, long offset, int length, int height) {
        return OcdbtWriter.config(0)
                .table(base, path)
                .varints(1, 1)
                .bytes(height)
                .varints(0, offset, length, 1, 0, 0)
                .zeros(8)
                .varints(0)
                .enveloped(OcdbtBytes.MANIFEST, true);
    }

    private static byte[] envelope(boolean compressed, OcdbtBytes manifest) {
        return manifest.enveloped(OcdbtBytes.MANIFEST, compressed);
    }

    private static byte[] ones(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) -1);
        return bytes;
    }

    private static OcdbtBytes leaf(String... keys) {
        OcdbtBytes body = new OcdbtBytes().bytes(0).table("", FILE).varints(keys.length);
        body.texts(Arrays.stream(keys).map(OcdbtBytes::utf8).toList(), new OcdbtBytes());
        return body.varints(new long[2 * keys.length]);
    }

    private static OcdbtBytes interior(int height, String key, int child) {
        byte[] text = OcdbtBytes.utf8(key);
        OcdbtBytes entry = new OcdbtBytes()
                .bytes(height)
                .table("", FILE)
                .varints(1, text.length, 0)
                .raw(text);
        // The child is the node itself, whose length is that of the same bytes.
        int length = entry.varints(0, child, 0, 0, 0, 0).enveloped(OcdbtBytes.NODE, true).length;
        return new OcdbtBytes()
                .bytes(height)
                .table("", FILE)
                .varints(1, text.length, 0)
                .raw(text)
                .varints(0, child, length, 0, 0, 0);
    }

    private static OcdbtDatabase open(NavigableMap<String, byte[]> files) throws IOException {
        return OcdbtDatabase.open(MemoryFolder.of(files));
    }

    private static void refused(String problem, NavigableMap<String, byte[]> files) {
        assertThatThrownBy(() -> open(files))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("expected ");
    }
}
