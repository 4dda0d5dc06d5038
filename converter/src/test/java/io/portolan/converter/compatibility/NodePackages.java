package io.portolan.converter.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The JavaScript runtimes, as npm installs them. */
final class NodePackages {
    private static final Path SOURCES = Path.of("src/test/node");

    private NodePackages() {}

    /**
     * Copies the scripts and installs the locked versions of what they need. No script of a package is run: onnxruntime-node's would
     * fetch libraries for GPUs.
     */
    static void install(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                Files.copy(source, folder.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Process npm = new ProcessBuilder(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
                .directory(folder.toFile()).redirectErrorStream(true).start();
        String said = new String(npm.getInputStream().readAllBytes());
        assertThat(npm.waitFor()).as(said).isZero();
    }
}
