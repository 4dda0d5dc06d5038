package io.portolan.cli.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** What npm installs. */
public final class NodePackages {
    private NodePackages() {}

    /**
     * Copies the files of a package, not its folders, and installs the locked versions of what it needs. No script is run:
     * onnxruntime-node's would fetch libraries for GPUs.
     *
     * @param source with a package-lock.json
     */
    public static void install(Path source, Path target) throws IOException, InterruptedException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Process npm = new ProcessBuilder(
                        List.of("npm", "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"))
                .directory(target.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(npm.waitFor()).as(said).isZero();
    }
}
