package io.portolan.checkpoints.orbax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.msgpack.FlaxMessagePack;
import io.portolan.checkpoints.ocdbt.OcdbtBytes;
import io.portolan.checkpoints.ocdbt.OcdbtWriter;
import io.portolan.checkpoints.stores.DiskFolder;
import io.portolan.checkpoints.stores.MemoryFolder;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.zarr.ZarrWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directories that tests put together: older versions, steps, items, and what is refused. */
class OrbaxDirectoryTest {
    private static final byte[] ONE = {0, 0, (byte) 0x80, 0x3f};
    private static final ArrayData ARRAY = ArrayData.of(ElementType.FLOAT32, new long[] {1, 1}, ByteBuffer.wrap(ONE));

    @TempDir
    private Path folder;

    private final Map<String, byte[]> files = new TreeMap<>();

    @Test
    void textIsFoundThroughAPointerAndKeysKeepDotsAndSlashes() throws IOException {
        tree("", leaf("string", "a/b"), leaf("jax.Array", "w.x", "y"), leaf("NamedTuple", "state"), leaf("Tuple", "t"));
        files.put("_strings.json", ZarrWriter.json("{'a':{'b':'text'}}"));
        array("w.x.y");

        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("a/b", "text");
        expected.put("w.x", Map.of("y", ARRAY));
        expected.put("state", null);
        expected.put("t", List.of());
        assertThat(read(OrbaxChoice.latest()).root()).isEqualTo(expected);
    }

    @Test
    void theStructureOfOlderVersionsIsInMessagePack() throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("params", Map.of("w", "PLACEHOLDER://params.w"));
        tree.put("step", 3L);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FlaxMessagePack.write(tree, bytes);
        files.put("checkpoint", bytes.toByteArray());
        array("params.w");
        assertThat(read(OrbaxChoice.latest()).root()).isEqualTo(Map.of("params", Map.of("w", ARRAY), "step", 3L));
    }

    @Test
    void theStructureOfPlainFilesIsInTheirNames() throws IOException {
        array("params.w");
        array("params.b");
        assertThat(read(OrbaxChoice.latest()).root()).isEqualTo(Map.of("params", Map.of("w", ARRAY, "b", ARRAY)));
    }

    @Test
    void databasesThatWereNotMergedAreReadTogether() throws IOException {
        tree("", leaf("jax.Array", "w"), leaf("jax.Array", "v"));
        database("ocdbt.process_0/", "w");
        database("ocdbt.process_1/", "v");
        OrbaxCheckpoint checkpoint = read(OrbaxChoice.latest());
        assertThat(checkpoint.root()).isEqualTo(Map.of("w", ARRAY, "v", ARRAY));
        assertThat(checkpoint.description()).isEqualTo("orbax (OCDBT of each process, zarr v2)");
    }

    @Test
    void severalTreesAreEntriesOfADictionary() throws IOException {
        for (String item : List.of("params", "extra")) {
            tree(item + "/", leaf("jax.Array", "w"));
            array(item + "/w");
        }
        files.put("notes/metadata", ZarrWriter.json("{'seed':18446744073709551616,'loss':NaN}"));
        files.put("data/state.bin", ONE);
        files.put(
                "_CHECKPOINT_METADATA",
                ZarrWriter.json("{'init_timestamp_nsecs':1,'commit_timestamp_nsecs':2,'metrics':{'loss':0.5},"
                        + "'item_handlers':{'notes':'orbax.JsonCheckpointHandler'}}"));

        OrbaxCheckpoint all = read(OrbaxChoice.latest());
        assertThat(all.root()).isEqualTo(Map.of("params", Map.of("w", ARRAY), "extra", Map.of("w", ARRAY)));
        assertThat(all.metadata()).containsOnlyKeys("notes", "metrics").containsEntry("metrics", Map.of("loss", 0.5));
        assertThat(all.description()).isEqualTo("orbax (files, zarr v2), items 'extra, params' beside 'notes, data'");
        assertThat(read(OrbaxChoice.latest().withItem("extra")).root()).isEqualTo(Map.of("w", ARRAY));
    }

    @ParameterizedTest
    @CsvSource({"checkpoint_, 00000010", "'', 10", "step_, 0010"})
    void theLatestCompleteStepIsReadWhateverItsPrefix(String prefix, String last) throws IOException {
        for (String step : List.of("2", last, "11.orbax-checkpoint-tmp-17")) {
            tree(prefix + step + "/default/", leaf("jax.Array", "w"));
            array(prefix + step + "/default/w");
        }
        assertThat(read(OrbaxChoice.latest()).description()).contains(", step 10 of 2, 10, item 'default'");
        assertThatThrownBy(() -> read(OrbaxChoice.latest().withStep(11)))
                .isInstanceOf(OrbaxChoiceException.class)
                .hasMessageContaining("saving step 11 was not finished")
                .hasMessageContaining("expected one of the steps 2, 10");
    }

    @Test
    void aStepWithoutTheMarkOfTheOthersIsNotComplete() throws IOException {
        for (String step : List.of("1", "2")) {
            tree(step + "/", leaf("jax.Array", "w"));
            array(step + "/w");
        }
        files.put("1/commit_success.txt", ONE);
        assertThat(read(OrbaxChoice.latest()).description()).contains("step 1 of 1");
        assertThatThrownBy(() -> read(OrbaxChoice.latest().withStep(2)))
                .hasMessageContaining("it has no commit_success.txt, which other steps have");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "_CHECKPOINT_METADATA; {'init_timestamp_nsecs':1,'commit_timestamp_nsecs':null}; was not finished",
                "item.orbax-checkpoint-tmp-1/x; {}; was not finished",
                "w/0.0; ; 0 bytes: expected 4",
                "_METADATA; {'tree_metadata':[]}; tree_metadata is '[]': expected an object",
                "_METADATA; {'tree_metadata':{'a':{}}}; key_metadata of 'a' is 'null': expected a list",
                "_METADATA; {'tree_metadata':{},'use_ocdbt':true}; manifest.ocdbt is missing",
                "_METADATA; {'tree_metadata':{'a':LEAF jax.Array 3 w}}; key_type of 'a' is '3'",
                "_METADATA; {'tree_metadata':{'a':LEAF jax.Array 2 x}}; the array 'x' of type 'jax.Array' is missing",
                "_METADATA; {'tree_metadata':{'a':LEAF string 2 x}}; _strings.json is missing",
                "_METADATA; {'tree_metadata':{'a':LEAF jax.Array 2 ..}}; the path '../.zarray': expected one that stays below",
                "_METADATA; {'tree_metadata':{'a':LEAF jax.Array 2 ../../w}}; stays below its folder",
                "_METADATA; {'tree_metadata':{'a':LEAF jax.Array 2 /w}}; stays below its folder",
                "_METADATA; {'tree_metadata':{'a':LEAF jax.Array 1 9}}; the array '9'",
                "_METADATA; {'tree_metadata':{'a':LEAF None 1 9}}; expected every index from 0 to 0",
                "_METADATA; {'tree_metadata':{'a':LEAF None 2 x,'b':LEAF None 2 x}}; each path once",
                "_METADATA; {'tree_metadata':{'a':{'key_metadata':[],'value_metadata':{}}}}; 1 to 64"
            })
    void whatIsWrongIsRefused(String file, String contents, String problem) throws IOException {
        tree("", leaf("jax.Array", "w"));
        array("w");
        String json = contents == null
                ? ""
                : contents.replaceAll(
                        "LEAF (\\S+) (\\d) ([^},]+)",
                        "{'key_metadata':[{'key':'$3','key_type':$2}],'value_metadata':{'value_type':'$1'}}");
        files.put(file, ZarrWriter.json(json));
        assertThatThrownBy(() -> read(OrbaxChoice.latest()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("expected ");
    }

    @Test
    void twoLeavesDoNotShareAnArray() {
        tree("", leaf("jax.Array", "a.b"), leaf("jax.Array", "a", "b"));
        array("a.b");
        assertThatThrownBy(() -> read(OrbaxChoice.latest()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("two leaves share the array 'a.b': expected one for each");
    }

    @Test
    void arraysFarLargerThanTheirFilesAreRefused() {
        tree("", leaf("jax.Array", "w"));
        String json = ZarrWriter.version2("<f4", "[100000000]", "[100000000]", "{'id':'zstd'}", "C");
        files.put("w/.zarray", ZarrWriter.json(json));
        files.put("w/0", ONE);
        assertThatThrownBy(() -> read(OrbaxChoice.latest()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("files of far fewer bytes hold arrays of more than 67108864: expected");
    }

    @Test
    void aDatabaseDoesNotTellTheTree() {
        database("", "w");
        assertThatThrownBy(() -> read(OrbaxChoice.latest()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("neither _METADATA nor checkpoint is there: expected the structure");
    }

    @Test
    void linksMayNotLeadOutOfTheDirectory() throws IOException {
        tree("", leaf("jax.Array", "w"));
        array("w");
        Path directory = Files.createDirectory(folder.resolve("run"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = directory.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
        assertThat(OrbaxDirectory.read(DiskFolder.open(directory), OrbaxChoice.latest(), UnpackingLimits.defaults())
                        .root())
                .isEqualTo(Map.of("w", ARRAY));
        Path outside = Files.write(folder.resolve("outside"), ONE);
        Files.delete(directory.resolve("w/0.0"));
        Files.createSymbolicLink(directory.resolve("w/0.0"), outside);
        assertThatThrownBy(() -> OrbaxDirectory.read(
                        DiskFolder.open(directory), OrbaxChoice.latest(), UnpackingLimits.defaults()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("a link that leads out of")
                .hasMessageContaining("expected files of the checkpoint's own folder");
    }

    private OrbaxCheckpoint read(OrbaxChoice choice) throws IOException {
        return OrbaxDirectory.read(MemoryFolder.of(files), choice, UnpackingLimits.defaults());
    }

    private void array(String name) {
        files.putAll(ZarrWriter.whole(name, ONE, 1, 1, false));
    }

    private void database(String directory, String name) {
        OcdbtWriter.standard()
                .files(ZarrWriter.whole(name, ONE, 1, 1, true))
                .forEach((file, bytes) -> files.put(directory + file, bytes));
    }

    private void tree(String directory, String... leaves) {
        files.put(
                directory + "_METADATA",
                OcdbtBytes.utf8("{\"tree_metadata\":{" + String.join(",", leaves)
                        + "},\"store_array_data_equal_to_fill_value\":true}"));
    }

    private static String leaf(String type, String... keys) {
        StringBuilder metadata = new StringBuilder();
        for (String key : keys) {
            metadata.append(metadata.isEmpty() ? "" : ",").append("{\"key\":\"" + key + "\",\"key_type\":2}");
        }
        return "\"" + String.join("|", keys) + "\":{\"key_metadata\":[" + metadata
                + "],\"value_metadata\":{\"value_type\":\"" + type + "\"}}";
    }
}
