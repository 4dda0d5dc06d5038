package io.portolan.checkpoints.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
    @TempDir
    private Path folder;

    @Test
    void writesTheWholeFileAndNothingElse() throws IOException {
        OutputFile.at(folder.resolve("model.onnx"), false).write(new byte[] {1, 2, 3});
        assertThat(folder.resolve("model.onnx")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(folder).isDirectoryContaining("glob:**model.onnx").isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void preparingLeavesNothingBehind() throws IOException {
        OutputFile.at(folder.resolve("model.onnx"), false);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anExistingFileIsKeptUnlessReplacingIsAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("model.onnx"), "precious");
        assertThatIOException().isThrownBy(() -> OutputFile.at(file, false)).withMessageContaining("exists already");
        assertThat(file).hasContent("precious");

        OutputFile.at(file, true).write("new".getBytes(StandardCharsets.UTF_8));
        assertThat(file).hasContent("new");
    }

    @Test
    void aFileThatAppearsInTheMeantimeIsKept() throws IOException {
        Path file = folder.resolve("model.onnx");
        OutputFile output = OutputFile.at(file, false);
        Files.writeString(file, "precious");
        assertThatIOException()
                .isThrownBy(() -> output.write(new byte[1]))
                .withMessageContaining("could not be written");
        assertThat(file).hasContent("precious");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void contentThatFailsHalfwayLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("model.onnx"), "precious");
        assertThatIOException()
                .isThrownBy(() -> OutputFile.replace(file, out -> {
                    out.write(new byte[1 << 20]);
                    throw new IOException("No space left on device");
                }))
                .withMessage(file + ": could not be written (No space left on device)");
        assertThatThrownBy(() -> OutputFile.replace(file, out -> {
                    throw new CheckpointException("no such element type there");
                }))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("no such element type there");
        assertThat(file).hasContent("precious");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void aMissingFolderAndAFolderInPlaceOfAFileAreRefusedBeforeTheWork() {
        assertThatIOException()
                .isThrownBy(() -> OutputFile.at(folder.resolve("no/model.onnx"), false))
                .withMessageContaining("does not exist");
        assertThatIOException().isThrownBy(() -> OutputFile.at(folder, true)).withMessageContaining("is a folder");
    }

    @Test
    void aFolderThatCannotBeWrittenToIsRefusedBeforeTheWork() {
        assertThatIOException()
                .isThrownBy(() -> OutputFile.at(Path.of("/proc/model.onnx"), false))
                .withMessageContaining("cannot be written to");
    }
}
