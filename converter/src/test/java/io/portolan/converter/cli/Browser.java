package io.portolan.converter.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Chromium of this machine, without a window. */
final class Browser {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final long SECONDS = 90;

    private final Path program;
    private final Path folder;

    private Browser(Path program, Path folder) {
        this.program = program;
        this.folder = folder;
    }

    /**
     * The browser that the environment variable CHROMIUM names, or one on the path. Without one the test is skipped.
     *
     * @param folder for the browser's own files
     */
    static Browser find(Path folder) {
        Optional<Path> program = Stream.concat(
                        Stream.ofNullable(System.getenv("CHROMIUM")).map(Path::of),
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name))))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(program.isPresent(), "no Chromium on the PATH, and none in the environment variable CHROMIUM");
        return new Browser(program.get(), folder);
    }

    /**
     * What a page looks like after a while.
     *
     * @param document the markup that has come of it
     * @param log what the browser wrote, the page's console among it
     */
    record Visit(String document, String log) {}

    /** @param milliseconds of the page's own clock to wait */
    Visit visit(Path page, int milliseconds, String... more) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "page", ".html");
        Path err = Files.createTempFile(folder, "browser", ".log");
        List<String> command = new ArrayList<>(List.of(
                program.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--user-data-dir=" + Files.createTempDirectory(folder, "profile"), "--enable-logging=stderr",
                "--virtual-time-budget=" + milliseconds));
        command.addAll(List.of(more));
        command.add(page.toUri().toString());
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("the browser did not end within " + SECONDS + " s");
        }
        return new Visit(Files.readString(out), Files.readString(err, StandardCharsets.ISO_8859_1));
    }
}
