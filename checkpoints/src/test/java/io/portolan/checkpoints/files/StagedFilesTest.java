package io.portolan.checkpoints.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFilesTest {
    @TempDir
    private Path folder;

    private Path target() {
        return folder.resolve("model");
    }

    private Path second() {
        return folder.resolve("model.data");
    }

    /** All that is there, hidden files too: the content of files, and nothing for folders. */
    private TreeMap<String, String> content() throws IOException {
        TreeMap<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.skip(1).toList()) {
                content.put(folder.relativize(file).toString(), Files.isDirectory(file) ? "" : Files.readString(file));
            }
        }
        return content;
    }

    private static void writeBoth(StagedFiles staged) throws IOException {
        Files.writeString(staged.path(), "new");
        Files.writeString(staged.path().resolveSibling("model.data"), "new data");
    }

    private static void makeFolder(Path place, String file) throws IOException {
        Files.writeString(Files.createDirectory(place).resolve(file), file);
    }

    @Test
    void severalFilesGetTheirNamesTogether() throws IOException {
        try (StagedFiles staged = StagedFiles.beside(target(), false)) {
            writeBoth(staged);
            assertThat(target()).doesNotExist();
            staged.publish();
        }
        assertThat(content()).hasToString("{model=new, model.data=new data}");
    }

    @Test
    void whatIsNotPublishedLeavesNothing() throws IOException {
        try (StagedFiles staged = StagedFiles.beside(target(), false)) {
            makeFolder(staged.path(), "inner");
            Files.writeString(staged.path().resolveSibling("other"), "new");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void filesAreReplacedIfTheyMayBe() throws IOException {
        Files.writeString(target(), "old");
        Files.writeString(second(), "old data");
        try (StagedFiles staged = StagedFiles.beside(target(), true)) {
            writeBoth(staged);
            staged.publish();
        }
        assertThat(content()).hasToString("{model=new, model.data=new data}");
    }

    @Test
    void oneNameThatIsTakenKeepsAllFromTheirs() throws IOException {
        for (Path taken : new Path[] {target(), second()}) {
            Files.writeString(taken, "old");
            try (StagedFiles staged = StagedFiles.beside(target(), false)) {
                writeBoth(staged);
                assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(staged::publish);
            }
            assertThat(content()).hasToString("{" + taken.getFileName() + "=old}");
            Files.delete(taken);
        }
    }

    @Test
    void aFolderInTheWayIsKeptAndSoAreReplacedFiles() throws IOException {
        Files.writeString(second(), "old data");
        try (StagedFiles staged = StagedFiles.beside(target(), true)) {
            writeBoth(staged);
            makeFolder(target(), "inner");
            assertThatIOException().isThrownBy(staged::publish);
        }
        assertThat(content()).hasToString("{model=, model.data=old data, model/inner=inner}");
    }

    @Test
    void theTargetMayBeAFolderInPlaceOfAFolderOrAFile() throws IOException {
        makeFolder(target(), "old");
        for (String next : new String[] {"first", "second"}) {
            try (StagedFiles staged = StagedFiles.beside(target(), true)) {
                makeFolder(staged.path(), next);
                staged.publish();
            }
            assertThat(content()).hasToString("{model=, model/" + next + "=" + next + "}");
        }
        try (StagedFiles staged = StagedFiles.beside(target(), true)) {
            Files.writeString(staged.path(), "file");
            staged.publish();
        }
        assertThat(content()).hasToString("{model=file}");
        try (StagedFiles staged = StagedFiles.beside(target(), true)) {
            makeFolder(staged.path(), "third");
            staged.publish();
        }
        assertThat(content()).hasToString("{model=, model/third=third}");
    }

    @Test
    void aFolderThatAppearsInTheMeantimeIsNotReplaced() throws IOException {
        try (StagedFiles staged = StagedFiles.beside(target(), true)) {
            makeFolder(staged.path(), "new");
            makeFolder(target(), "precious");
            assertThatIOException().isThrownBy(staged::publish);
        }
        assertThat(content()).hasToString("{model=, model/precious=precious}");
    }

    @Test
    void whatALinkLeadsToIsKept() throws IOException {
        makeFolder(folder.resolve("elsewhere"), "precious");
        Files.createSymbolicLink(target(), folder.resolve("elsewhere"));
        try (StagedFiles staged = StagedFiles.beside(target(), true)) {
            makeFolder(staged.path(), "new");
            staged.publish();
        }
        assertThat(content()).hasToString("{elsewhere=, elsewhere/precious=precious, model=, model/new=new}");
    }

    @Test
    void aPlaceThatCannotBeWrittenToIsRefusedBeforeTheWork() {
        assertThatIOException()
                .isThrownBy(() -> StagedFiles.beside(folder.resolve("no/model"), false))
                .withMessageContaining("does not exist; create it first");
        assertThatIOException()
                .isThrownBy(() -> StagedFiles.beside(Path.of("/proc/model"), false))
                .withMessageContaining("cannot be written to");
    }
}
