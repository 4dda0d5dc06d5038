package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in a checkpoint, and files that are none. */
class CheckpointsTest {
    private static final ArrayData ARRAY = ArrayData.ofFloats(new long[] {2}, 1, 2);
    private static final InertObject RECORD =
            new InertObject(InertObject.Form.OPAQUE, "lab", "Net", List.of(), Map.of("w", ARRAY), List.of(), Map.of());

    @TempDir
    private Path folder;

    @Test
    void entriesWithoutAPlaceOfTheirOwnAreMetadata() throws IOException {
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file("training_args_protocol4.pkl"));
        assertThat(checkpoint.metadata()).containsOnlyKeys("training_args");
        assertThat(checkpoint.metadata().get("training_args")).isInstanceOf(Map.class);
        assertThat(checkpoint.metadata()).isUnmodifiable();
    }

    @Test
    void pathsJoinTheKeysInTheirOrder() throws CheckpointException {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("z", Map.of("kernel", ARRAY));
        params.put("a", ARRAY);
        Checkpoint checkpoint = assemble("f", Map.of("params", params));

        assertThat(checkpoint.parameters().arrays().keySet()).containsExactly("z/kernel", "a");
        assertThat(checkpoint.batchStatistics()).isEqualTo(ParameterTree.empty());
        assertThat(checkpoint.epoch()).isEmpty();
        assertThat(checkpoint.step()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void aWrongTreeIsRefused(Object root, String problem) {
        assertThatThrownBy(() -> assemble("model.pkl", root))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("model.pkl: " + problem)
                .hasMessageContaining(": expected ");
    }

    static Stream<Arguments> aWrongTreeIsRefused() {
        return Stream.of(
                Arguments.of(List.of(), "no entry params but no entry at all"),
                Arguments.of(null, "the file holds None"),
                Arguments.of(Map.of(), "no entry params but no entry at all"),
                Arguments.of(Map.of("weights\n", 1L), "no entry params but 'weights\\u000a'"),
                Arguments.of(Map.of("params", 1.5), "params is Double 1.5"),
                Arguments.of(Map.of("params", Map.of()), "params holds no array"),
                Arguments.of(Map.of(1L, 1L), "no entry params but '1'"),
                Arguments.of(params(Map.of("a", List.of(ARRAY, "text"))), "'params/a/1' is text"),
                Arguments.of(
                        params(Map.of("a", Map.of(2L, RECORD), "b", ARRAY)), "'params/a/2' is a record, 'lab.Net'"),
                Arguments.of(params(nested(65)), "'params/a/a/a"),
                Arguments.of(params(Map.of("a", true)), "params holds no array"),
                Arguments.of(with("batch_stats", ARRAY), "batch_stats is an array, float32 (2)"),
                Arguments.of(with("epoch", "19"), "epoch is text"),
                Arguments.of(with("epoch", true), "epoch is Boolean true"),
                Arguments.of(with("step", 1.0), "step is Double 1.0"),
                Arguments.of(with("step", ARRAY), "step is an array, float32 (2)"));
    }

    @Test
    void theMessageListsTheKeysThatWereFound() {
        Map<String, Object> many = new LinkedHashMap<>();
        for (int i = 0; i < 25; i++) {
            many.put("layer" + i, 1L);
        }
        assertThatThrownBy(() -> assemble("f", many))
                .hasMessageContaining("'layer0', 'layer1'")
                .hasMessageContaining("'layer19' and 5 more");
    }

    @ParameterizedTest
    @CsvSource({"INT8, -1", "INT16, -1", "INT32, -1", "INT64, -1", "UINT8, 255", "UINT16, 65535", "UINT32, 4294967295"})
    void scalarsOfEveryIntegerTypeCount(ElementType type, long value) throws CheckpointException {
        byte[] ones = new byte[type.bytes()];
        Arrays.fill(ones, (byte) -1);
        ArrayData scalar = ArrayData.of(type, new long[0], ByteBuffer.wrap(ones));
        assertThat(assemble("f", with("step", scalar)).step()).hasValue(value);
    }

    @Test
    void aNumberBeyond63BitsIsNoStep() {
        ArrayData scalar =
                ArrayData.of(ElementType.UINT64, new long[0], ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, -1}));
        assertThatThrownBy(() -> assemble("f", with("step", scalar))).hasMessageContaining("expected an integer");
    }

    @ParameterizedTest
    @CsvSource({
        "89504e470d0a, PNG",
        "47475546, GGUF",
        "504b0506, empty zip",
        "76657273696f6e2068747470733a2f2f6769742d6c6673, git lfs pull",
        "00, starts with byte 0x00"
    })
    void theStartTellsAForeignFile(String start, String description) throws IOException {
        Path file = Files.write(folder.resolve("model.pkl"), HexFormat.of().parseHex(start));
        assertThatThrownBy(() -> Checkpoints.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(description)
                .hasMessageContaining("expected a checkpoint (npz, npy, safetensors, hdf5, pickle, msgpack, orbax)");
    }

    @Test
    void aFileThatIsEmptyOrTextOrAFolderIsRefused() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.pkl"));
        Path text = Files.writeString(folder.resolve("text.pkl"), "weights\n");
        assertThatThrownBy(() -> Checkpoints.read(empty))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is empty");
        assertThatThrownBy(() -> Checkpoints.read(text))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("starts with byte 0x77");
        assertThatThrownBy(() -> Checkpoints.read(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("directory");
        assertThatThrownBy(() -> Checkpoints.read(folder.resolve("none.pkl"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void oneFileOfADirectoryOfFlaxIsAskedFor() throws IOException {
        for (String name : List.of("checkpoint_9", "checkpoint_10", "notes_99.txt")) {
            Files.writeString(folder.resolve(name), "");
        }

        assertThatThrownBy(() -> Checkpoints.read(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("one file for each step")
                .hasMessageEndingWith("checkpoint_10");
    }

    /** The archive has 200 kB: time that grows with the square of the depth would be a minute. */
    @Test
    void aFileBelowAHundredThousandFoldersOfAnArchiveIsFoundAtOnce() throws IOException {
        byte[] name = ("a/".repeat(100_000) + "m.pkl").getBytes(StandardCharsets.US_ASCII);
        byte[] pickle = Files.readAllBytes(FormatSample.file("numpy2_protocol4.pkl"));
        Path archive = folder.resolve("deep.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive))) {
            put(tar, new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME), name);
            put(tar, new TarArchiveEntry("cut"), pickle);
        }
        assertThat(Assertions.assertTimeout(Duration.ofSeconds(10), () -> Checkpoints.read(archive)))
                .isNotNull();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] contents) throws IOException {
        entry.setSize(contents.length);
        tar.putArchiveEntry(entry);
        tar.write(contents);
        tar.closeArchiveEntry();
    }

    @Test
    void sha256IsTheFilesOwn() throws IOException {
        Path file = Files.write(folder.resolve("abc"), "abc".getBytes(StandardCharsets.US_ASCII));
        assertThat(Checkpoints.sha256(file))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    private static Checkpoint assemble(String file, Object root) throws CheckpointException {
        return CheckpointAssembly.of(file, FileTree.of(file, root), Optional.empty())
                .checkpoint();
    }

    private static Object nested(int levels) {
        Object value = ARRAY;
        for (int i = 0; i < levels; i++) {
            value = Map.of("a", value);
        }
        return value;
    }

    private static Map<String, Object> params(Object value) {
        return Map.of("params", value);
    }

    private static Map<String, Object> with(String key, Object value) {
        return Map.of("params", Map.of("w", ARRAY), key, value);
    }
}
