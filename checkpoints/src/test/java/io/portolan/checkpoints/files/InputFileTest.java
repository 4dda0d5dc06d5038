package io.portolan.checkpoints.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.numpy.NpyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Pipes, which wait for ever when they are opened, and devices. */
@DisabledOnOs(OS.WINDOWS)
class InputFileTest {
    @TempDir
    private Path folder;

    private Path pipe;

    @BeforeEach
    void makePipe() throws IOException, InterruptedException {
        pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
    }

    @Test
    void pipesAndDevicesAreNotOpened() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.pkl"), pipe);
        for (Path file : new Path[] {pipe, link, Path.of("/dev/zero"), Path.of("/dev/tty")}) {
            refused(() -> InputFile.require(file));
            refused(() -> InputFile.text(file, 100));
            refused(() -> Checkpoints.read(file));
            refused(() -> Checkpoints.sha256(file));
            refused(() -> Checkpoints.detect(file));
            refused(() -> NpyFile.read(file));
        }
    }

    @Test
    void aPipeAmongShardsIsNotOpened() throws IOException {
        Files.writeString(folder.resolve("m.safetensors.index.json"), "{\"weight_map\":{\"a\":\"m-1.safetensors\"}}");
        Files.move(pipe, folder.resolve("m-1.safetensors"));
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThatThrownBy(() -> Checkpoints.read(folder)).hasMessageContaining("m-1.safetensors"));
        refused(() -> Checkpoints.sha256(folder));
        Files.move(folder.resolve("m.safetensors.index.json"), folder.resolve("index"));
        Files.move(folder.resolve("m-1.safetensors"), folder.resolve("m.safetensors.index.json"));
        refused(() -> Checkpoints.read(folder));
    }

    @Test
    void plainFilesFoldersAndLinksToThemAreTaken() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        assertThat(InputFile.require(Files.createSymbolicLink(folder.resolve("link"), file)))
                .isEqualTo(folder.resolve("link"));
        assertThat(InputFile.require(folder)).isEqualTo(folder);
        assertThat(InputFile.text(file, 4)).isEqualTo("text");
        assertThatThrownBy(() -> InputFile.text(file, 3)).hasMessageContaining("at most 3");
        assertThatThrownBy(() -> InputFile.text(Files.write(file, new byte[] {-1}), 3))
                .hasMessageContaining("not a UTF-8 text");
        assertThatThrownBy(() -> InputFile.require(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    private static void refused(Executable reading) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThatThrownBy(reading::execute)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("is a pipe, a socket or a device"));
    }
}
