package io.portolan.checkpoints.orbax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.OpenedCheckpoint;
import io.portolan.checkpoints.ReadOptions;
import io.portolan.checkpoints.containers.Containers;
import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.stores.DiskFolder;
import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that Orbax 0.12 wrote, against the arrays that were saved, bit for bit. */
class OrbaxGoldenTest {
    private static final Path GOLDEN = golden();

    @TempDir
    private Path folder;

    private interface Archiver {
        ArchiveEntry entry(String name, int size);
    }

    @ParameterizedTest
    @CsvSource({
        "standard, 'orbax (OCDBT, zarr v2)'",
        "pytree-default, 'orbax (OCDBT, zarr v2)'",
        "pytree-noocdbt, 'orbax (files, zarr v2)'",
        "pytree-zarr3, 'orbax (OCDBT, zarr v3)'",
        "pytree-zarr3-noocdbt, 'orbax (files, zarr v3)'"
    })
    void everyLeafIsTheSame(String directory, String format) throws IOException {
        OrbaxCheckpoint checkpoint = read(directory, OrbaxChoice.latest());

        assertThat(checkpoint.description()).isEqualTo(format);
        assertThat(checkpoint.metadata()).isEmpty();
        Map<String, Object> leaves = leaves(checkpoint);
        if (directory.startsWith("pytree")) {
            assertThat(leaves).containsEntry("name", "run").containsEntry("none", null);
        }
        leaves.values().removeIf(leaf -> !(leaf instanceof ArrayData));
        assertThat(leaves).isEqualTo(expected(directory.equals("standard") ? "params|step" : ".*"));
        assertThat(((Map<?, ?>) ((Map<?, ?>) checkpoint.root()).get("params")).get("blk"))
                .isInstanceOf(List.class);
    }

    @Test
    void aManagersLatestStepIsReadAndItsJsonIsMetadata() throws IOException {
        OrbaxCheckpoint checkpoint = read("manager", OrbaxChoice.latest());

        assertThat(checkpoint.description())
                .isEqualTo("orbax (OCDBT, zarr v2), step 2 of 1, 2, item 'state' beside 'meta'");
        assertThat(leaves(checkpoint)).isEqualTo(expected("params"));
        assertThat(checkpoint.metadata()).isEqualTo(Map.of("meta", Map.of("a", 1L)));
    }

    @Test
    void stepsAndItemsAreChosen() throws IOException {
        OrbaxChoice first = OrbaxChoice.latest().withStep(1).withItem("state");
        OrbaxCheckpoint checkpoint = read("manager", first);

        assertThat(checkpoint.description()).contains("step 1 of 1, 2, item 'state'");
        assertThat(leaves(checkpoint)).isEqualTo(expected("params"));
    }

    @Test
    void theDigestIsThatOfTheStep() throws IOException {
        Path manager = GOLDEN.resolve("manager");
        ReadOptions first =
                ReadOptions.defaults().withOrbax(OrbaxChoice.latest().withStep(1));

        assertThat(Checkpoints.size(manager, first)).isEqualTo(Checkpoints.size(manager.resolve("1")));
        assertThat(Checkpoints.sha256(manager, first))
                .isEqualTo(Checkpoints.sha256(manager.resolve("1")))
                .isNotEqualTo(Checkpoints.sha256(manager));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            delimiter = ';',
            value = {
                "manager; 3; state; STEP; no step 3: expected one of the steps 1, 2",
                "manager; 2; meta; ITEM; no item 'meta' with arrays: expected one of 'state'",
                "standard; 1; ; STEP; a single checkpoint, from which step 1 is to be read",
                "standard; ; state; ITEM; a single tree, from which the item 'state' is to be read"
            })
    void whatIsNotThereCannotBeChosen(
            String directory, Long step, String item, OrbaxChoiceException.Subject subject, String problem) {
        OrbaxChoice choice =
                new OrbaxChoice(step == null ? OptionalLong.empty() : OptionalLong.of(step), Optional.ofNullable(item));
        assertThatThrownBy(() -> read(directory, choice))
                .hasMessageContaining(problem)
                .hasMessageContaining(": expected ")
                .isInstanceOfSatisfying(
                        OrbaxChoiceException.class,
                        refused -> assertThat(refused.subject()).isEqualTo(subject));
    }

    @Test
    void aFileHasNoSteps() {
        ReadOptions options =
                ReadOptions.defaults().withOrbax(OrbaxChoice.latest().withStep(1));
        assertThatThrownBy(() -> Checkpoints.read(GOLDEN.resolve("expected.npz"), options))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("a file without steps and items")
                .hasMessageContaining(": expected ");
    }

    @Test
    void aTreeOfManyArraysIsACheckpoint() throws IOException {
        Path many = GOLDEN.resolve("many");
        OpenedCheckpoint opened = Checkpoints.open(many, ReadOptions.defaults());

        assertThat(opened.format()).hasToString("orbax (OCDBT, zarr v2)").isEqualTo(Checkpoints.detect(many));
        assertThat(opened.checkpoint().parameters().arrays()).hasSize(40);
        for (int i = 0; i < 40; i++) {
            String path = String.format("layer_%04d/kernel", i);
            assertThat(opened.checkpoint().parameters().find(path).orElseThrow().toFloats())
                    .hasSize(16)
                    .containsOnly((float) i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar", "tar in gzip", "zip"})
    void anArchiveOfADirectoryIsReadWithoutUnpackingIt(String layers) throws IOException {
        for (String directory : List.of("pytree-default", "pytree-zarr3-noocdbt", "manager")) {
            Folder files = opened(archive(directory, layers)).folder().orElseThrow();
            OrbaxCheckpoint checkpoint = OrbaxDirectory.read(
                    OrbaxDirectory.in(files).orElseThrow(), OrbaxChoice.latest(), UnpackingLimits.defaults());

            Map<String, Object> leaves = leaves(checkpoint);
            leaves.keySet().removeIf(name -> !name.startsWith("params."));
            assertThat(leaves).isEqualTo(expected("params"));
        }
        Path archive = Files.write(folder.resolve("archive"), archive("many", layers));
        assertThat(Checkpoints.open(archive, ReadOptions.defaults()).format())
                .hasToString("orbax (OCDBT, zarr v2) in " + layers)
                .isEqualTo(Checkpoints.detect(archive));
    }

    /** Of the files in a database, those of older versions and those of processes, whose nodes were merged, are not read. */
    @ParameterizedTest
    @CsvSource({"pytree-default, manifest.ocdbt", "pytree-default, d/34f8.*", "pytree-zarr3-noocdbt, .*kernel/c/0/0"})
    void aDamagedByteIsNoticedAtTheLatestWhenTheArrayIsRead(String directory, String damaged) throws IOException {
        Path copy = copy(GOLDEN.resolve(directory), folder.resolve("copy"));
        try (Stream<Path> files = Files.walk(copy)) {
            for (Path file : (Iterable<Path>)
                    files.filter(path -> copy.relativize(path).toString().matches(damaged))::iterator) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
            }
        }
        assertThatThrownBy(() -> leaves(OrbaxDirectory.read(
                                DiskFolder.open(copy), OrbaxChoice.latest(), UnpackingLimits.defaults()))
                        .hashCode())
                .satisfies(failure -> assertThat(failure instanceof UncheckedIOException ? failure.getCause() : failure)
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("CRC-32C does not match: expected an undamaged file"));
    }

    private static OrbaxCheckpoint read(String directory, OrbaxChoice choice) throws IOException {
        return OrbaxDirectory.read(DiskFolder.open(GOLDEN.resolve(directory)), choice, UnpackingLimits.defaults());
    }

    private static Containers.Contents opened(byte[] archive) throws IOException {
        return new Containers(
                        UnpackingLimits.defaults(),
                        head -> false,
                        files -> OrbaxDirectory.in(files).isPresent())
                .open("archive", ByteRegion.of(ByteBuffer.wrap(archive)));
    }

    /** The leaves by their keys joined with dots. */
    private static Map<String, Object> leaves(OrbaxCheckpoint checkpoint) {
        Map<String, Object> leaves = new TreeMap<>();
        add("", checkpoint.root(), leaves);
        return leaves;
    }

    private static void add(String prefix, Object value, Map<String, Object> leaves) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, child) -> add(prefix + "." + key, child, leaves));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                add(prefix + "." + i, list.get(i), leaves);
            }
        } else {
            leaves.put(prefix.substring(1), value);
        }
    }

    /** The arrays that were saved, by name; one of bfloat16 is stored as uint16 of the same bits, and so named. */
    private static Map<String, Object> expected(String top) throws IOException {
        Map<String, Object> arrays = new TreeMap<>();
        NpzArchive.read(GOLDEN.resolve("expected.npz")).forEach((name, array) -> {
            String[] parts = name.split(":");
            if (parts[0].split("\\.")[0].matches(top)) {
                ElementType type = parts.length == 1
                        ? array.type()
                        : ElementType.named(parts[1]).orElseThrow();
                arrays.put(parts[0], ArrayData.of(type, array.shape(), array.bytes()));
            }
        });
        return arrays;
    }

    private static byte[] archive(String directory, String layers) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream packed = layers.endsWith("gzip") ? new GZIPOutputStream(bytes) : bytes) {
            if (layers.equals("zip")) {
                addAll(new ZipArchiveOutputStream(packed), directory, (name, size) -> new ZipArchiveEntry(name));
            } else {
                addAll(new TarArchiveOutputStream(packed), directory, (name, size) -> {
                    TarArchiveEntry entry = new TarArchiveEntry("./" + name);
                    entry.setSize(size);
                    return entry;
                });
            }
        }
        return bytes.toByteArray();
    }

    @SuppressWarnings("unchecked")
    private static void addAll(ArchiveOutputStream<?> out, String directory, Archiver archiver) throws IOException {
        try (ArchiveOutputStream<?> archive = out;
                Stream<Path> files = Files.walk(GOLDEN.resolve(directory))) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                byte[] contents = Files.readAllBytes(file);
                ((ArchiveOutputStream<ArchiveEntry>) archive)
                        .putArchiveEntry(
                                archiver.entry("run/" + GOLDEN.relativize(file).toString(), contents.length));
                archive.write(contents);
                archive.closeArchiveEntry();
            }
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }

    private static Path golden() {
        return Path.of(URI.create(
                        OrbaxGoldenTest.class.getResource("/orbax/expected.npz").toString()))
                .getParent();
    }
}
